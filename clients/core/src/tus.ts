// A photo of the browser's store on its way: see `pieces.ts`.
import type { Api } from "./api";
import { sha256Base64 } from "./hash";
import { CHUNK, rise } from "./pieces";
import type { Photo } from "./store";

export type Progress = (photo: Photo) => Promise<void> | void;

export async function upload(api: Api, photo: Photo, keep: Progress, chunk: number = CHUNK): Promise<void> {
  const blob = photo.blob;
  if (!blob) throw new Error("the photo is no longer here");
  await rise(api, photo, {
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
    keep,
    chunk,
    checksum: sha256Base64,
  });
}
