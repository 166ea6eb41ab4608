// Photos go into the store the moment they are taken, before any form is sent: a killed app loses none.
import { sha256Hex } from "./hash";
import type { Database, Photo } from "./store";

export interface Shot {
  blob: Blob;
  thumb: Blob | null;
  name: string;
  kind: Photo["kind"];
  taken_at: Date;
  lon: number | null;
  lat: number | null;
}

/** The same bytes are the same photo: taken twice, kept once. */
export async function keepPhoto(database: Database, shot: Shot): Promise<string> {
  const sha256 = await sha256Hex(shot.blob);
  const transaction = database.transaction("photos", "readwrite");
  const there = await transaction.store.get(sha256);
  if (!there) {
    await transaction.store.add({
      sha256,
      blob: shot.blob,
      thumb: shot.thumb,
      name: shot.name,
      type: shot.blob.type || "application/octet-stream", // HEIC often comes without one
      size: shot.blob.size,
      kind: shot.kind,
      taken_at: shot.taken_at.toISOString(),
      kept_at: new Date().toISOString(),
      lon: shot.lon,
      lat: shot.lat,
      state: "kept",
      url: null,
      offset: 0,
      detail: "",
    });
  } else if (!there.blob && there.state !== "uploaded") {
    await transaction.store.put({ ...there, blob: shot.blob, kept_at: new Date().toISOString() });
  }
  await transaction.done;
  return sha256;
}

/** Bytes of what lies here, to be told in the settings. */
export async function bytesKept(database: Database): Promise<{ photos: number; bytes: number }> {
  const all = await database.getAll("photos");
  return { photos: all.filter((one) => one.blob).length, bytes: all.reduce((sum, one) => sum + (one.blob?.size ?? 0), 0) };
}
