// tus 1.0 (core, creation, checksum), resumable over restarts: where a photo has got to is written down after every answer.
// Ours, because tus-js-client has no checksum extension and brings its own store of addresses beside the outbox.
import { NoAnswer, Refused, type Api } from "./api";
import { base64, sha256Base64 } from "./hash";
import type { Photo } from "./store";

export const CHUNK = 512 * 1024;
/** The server had no room to look at the photo just now. */
const PASSING = new Set(["file.busy", "file.timeout", "file.memory"]);
const TUS = { "Tus-Resumable": "1.0.0" };

export type Progress = (photo: Photo) => Promise<void> | void;

const metadataOf = (photo: Photo): string =>
  Object.entries({ filename: photo.name, filetype: photo.type, sha256: photo.sha256, kind: photo.kind })
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(",");

/** Brings `photo` up; changes it and tells `keep` at each step. Throws NoAnswer when the network goes: call again to go on. */
export async function upload(api: Api, photo: Photo, keep: Progress, chunk: number = CHUNK): Promise<void> {
  if (!photo.blob) throw new Error("the photo is no longer here");
  let lost = 0;
  while (photo.state !== "uploaded") {
    try {
      if (!photo.url) await create(api, photo, keep);
      else if (photo.state === "kept") await whereAreWe(api, photo, keep);
      else await sendOne(api, photo, photo.blob, keep, chunk);
    } catch (error) {
      if (!(error instanceof Refused)) {
        photo.state = "kept"; // what arrived of the last piece is not known: ask first
        await keep(photo);
        throw error;
      }
      if (!(await recover(photo, error, ++lost))) throw error;
      await keep(photo);
    }
  }
}

async function create(api: Api, photo: Photo, keep: Progress): Promise<void> {
  const { headers } = await api.call("/api/v1/uploads", {
    method: "POST",
    headers: { ...TUS, "Upload-Length": String(photo.size), "Upload-Metadata": metadataOf(photo) },
  });
  const location = headers.get("Location");
  if (!location) throw new NoAnswer("no address");
  // Only ever our own origin: a path is all that is kept.
  photo.url = new URL(location, "http://here").pathname;
  photo.offset = 0;
  photo.state = "uploading";
  await keep(photo);
}

async function whereAreWe(api: Api, photo: Photo, keep: Progress): Promise<void> {
  const { headers } = await api.call(photo.url ?? "", { method: "HEAD", headers: TUS });
  photo.offset = offsetOf(headers);
  photo.state = photo.offset >= photo.size ? "uploaded" : "uploading";
  await keep(photo);
}

async function sendOne(api: Api, photo: Photo, blob: Blob, keep: Progress, chunk: number): Promise<void> {
  const piece = new Uint8Array(await blob.slice(photo.offset, photo.offset + chunk).arrayBuffer());
  const { headers } = await api.call(photo.url ?? "", {
    method: "PATCH",
    headers: {
      ...TUS,
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(photo.offset),
      "Upload-Checksum": `sha256 ${await sha256Base64(piece)}`,
    },
    body: piece,
  });
  photo.offset = offsetOf(headers);
  if (photo.offset >= photo.size) photo.state = "uploaded";
  await keep(photo);
}

function offsetOf(headers: Headers): number {
  const offset = Number(headers.get("Upload-Offset"));
  if (!Number.isSafeInteger(offset) || offset < 0) throw new NoAnswer("no offset");
  return offset;
}

/** True when it is worth going on. */
async function recover(photo: Photo, error: Refused, lost: number): Promise<boolean> {
  if (lost > 20) throw new NoAnswer("too many refusals"); // not the photo's fault: a later try begins afresh
  if (PASSING.has(error.code)) throw new NoAnswer(error.code);
  switch (error.status) {
    case 400: // cut off on the way
    case 409: // another offset than we thought
    case 460: // garbled on the way
      photo.state = "kept";
      return true;
    case 404: // the server no longer has it: expired, or it was finished and put away
    case 410:
      photo.url = null;
      photo.offset = 0;
      photo.state = "kept";
      return true;
    case 413: // too large, or no photo: it will never be taken
    case 422:
      photo.state = "refused";
      photo.detail = error.detail || error.code || String(error.status);
      return false;
    default: // we and the server do not understand each other; that says nothing of the photo
      return false;
  }
}
