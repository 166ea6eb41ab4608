// From the camera into the store: made smaller, with its time and place, hashed. Nothing is drawn into the picture.
import { exifOf, keepPhoto, makeExif, upright, withExif } from "@anlan/core";
import { store } from "../state/app";
import { drawn, opened, sizeOf, type Source } from "./drawn";
import { lastPosition } from "./position";

const LONGEST = 2560;
const THUMB = 240;

/** Keeps the photo and tells its hash. A format this browser cannot draw (HEIC on Android) goes as it is. */
export async function shoot(file: File): Promise<string> {
  const position = lastPosition();
  const taken = file.lastModified && Math.abs(Date.now() - file.lastModified) > 60_000 ? new Date(file.lastModified) : new Date();
  const image = await opened(file);
  const small = image ? await drawn(image.source, THUMB, 0.7) : null;
  const blob = image ? await made(file, image.source, taken, position) : file;
  image?.close();
  return keepPhoto(store(), {
    blob,
    thumb: small,
    name: blob === file ? file.name : `${file.name.replace(/\.\w+$/, "") || "photo"}.jpg`,
    kind: "photo",
    taken_at: taken,
    lon: position?.lon ?? null,
    lat: position?.lat ?? null,
  });
}

async function made(file: File, image: Source, at: Date, position: { lon: number; lat: number } | null): Promise<Blob> {
  const original = new Uint8Array(await file.arrayBuffer());
  const kept = exifOf(original);
  const isSmall = Math.max(...sizeOf(image)) <= LONGEST && file.type === "image/jpeg";
  if (isSmall && kept) return file; // untouched evidence is the best
  const jpeg = isSmall ? original : new Uint8Array(await ((await drawn(image, LONGEST, 0.85)) ?? file).arrayBuffer());
  if (jpeg[0] !== 0xff) return file;
  const segment = kept ? upright(kept) : makeExif({ at, lon: position?.lon ?? null, lat: position?.lat ?? null });
  return new Blob([withExif(jpeg, segment)], { type: "image/jpeg" });
}
