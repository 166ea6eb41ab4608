// From the camera into the store. A citizen's picture is always drawn anew: what kind of phone took it, and whose, is nobody's business. Time
// and, where the person let us ask, place are written by us; they belong to the evidence.
import { keepShot, makeExif, withExif } from "@anlan/core";
import { drawn, opened } from "../../src/lib/drawn";
import { lastPosition } from "../../src/lib/position";
import { store } from "../state/app";

const LONGEST = 2560;
const THUMB = 320;
export const VIDEO_TYPES = ["video/mp4", "video/quicktime"];
/** Some file pickers say nothing of the kind. */
export const typeOf = (file: File): string => file.type || (/\.mov$/i.test(file.name) ? "video/quicktime" : /\.(mp4|m4v)$/i.test(file.name) ? "video/mp4" : "");

export async function takePhoto(file: File): Promise<string> {
  const fresh = Math.abs(Date.now() - (file.lastModified || Date.now())) < 60_000;
  const at = fresh ? new Date() : new Date(file.lastModified);
  // A picture from the album was taken elsewhere than here.
  const position = fresh ? lastPosition() : null;
  const image = await opened(file); // a format this browser cannot draw (HEIC on Android) goes as it is; the server strips it
  const jpeg = image ? await drawn(image.source, LONGEST, 0.85) : null;
  const thumb = image ? await drawn(image.source, THUMB, 0.72) : null;
  image?.close();
  const blob = jpeg ? new Blob([withExif(new Uint8Array(await jpeg.arrayBuffer()), makeExif({ at, lon: position?.lon ?? null, lat: position?.lat ?? null }))], { type: "image/jpeg" }) : file;
  return keepShot(store(), { blob, thumb, name: jpeg ? "photo.jpg" : file.name, kind: "photo", taken_at: at, lon: position?.lon ?? null, lat: position?.lat ?? null });
}

/** As the server takes it (files/films.py). */
export const LONGEST_S = 120;
export class TooLong extends Error {}

export async function takeVideo(file: File): Promise<string> {
  const type = typeOf(file);
  const { thumb, seconds } = await firstFrame(file);
  if (seconds > LONGEST_S) throw new TooLong();
  const name = type === "video/quicktime" ? "video.mov" : "video.mp4";
  return keepShot(store(), { blob: file.type ? file : new Blob([file], { type }), thumb, name, kind: "video", taken_at: new Date(file.lastModified || Date.now()), lon: null, lat: null });
}

/** A still for the card; a phone that cannot play its own video shows a sign instead. */
async function firstFrame(file: File): Promise<{ thumb: Blob | null; seconds: number }> {
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  try {
    video.muted = true;
    video.playsInline = true;
    video.preload = "auto";
    video.src = url;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("slow")), 6_000);
      video.onseeked = () => (clearTimeout(timer), resolve());
      video.onloadeddata = () => (video.currentTime = Math.min(0.2, (video.duration || 1) / 2));
      video.onerror = () => (clearTimeout(timer), reject(new Error("unplayable")));
    });
    return { thumb: await drawn(video, THUMB, 0.72), seconds: Number.isFinite(video.duration) ? video.duration : 0 };
  } catch {
    return { thumb: null, seconds: 0 };
  } finally {
    video.removeAttribute("src");
    URL.revokeObjectURL(url);
  }
}
