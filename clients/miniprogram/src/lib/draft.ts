// The report being written: kept at every change, so that a killed app loses nothing. Its id is the report's from the first moment on.
import { alongside, type Employer, type ReportData, type Signatory } from "@anlan/core/citizen";
import type { Rising } from "@anlan/core/pieces";
import { cleanLine, cleanText } from "@anlan/core/text";
import { ask } from "./ask";
import { digestOf, dropFile, keepFile, sizeOf, typeOf } from "./files";
import { forget, keep, kept } from "./kept";
import type { Spot } from "./place";
import { freshId } from "./random";

export interface Picture extends Rising {
  id: string;
  path: string;
  /** What is shown of a video. */
  cover: string;
  /** Under whose account it went up: another's server side does not know it. */
  owner: string;
}

export interface Draft {
  id: string;
  words: string;
  pictures: Picture[];
  spot: Spot | null;
  address: string;
  category: string;
  unit: string;
  unit_name: string;
  anonymous: boolean;
  joint: Signatory[];
  /** Where its writer works, when the report is about that enterprise. */
  employer: Employer | null;
}

const KEY = "draft";

export const emptyDraft = (): Draft => ({ id: freshId(), words: "", pictures: [], spot: null, address: "", category: "", unit: "", unit_name: "", anonymous: false, joint: [], employer: null });
export function keptDraft(): Draft | null {
  const found = kept<Draft | null>(KEY, null);
  return found && { ...emptyDraft(), ...found }; // an older version knew fewer fields
}
export const keepDraft = (draft: Draft): void => keep(KEY, draft);
export const forgetDraft = (): void => forget(KEY);

export const hasContent = (draft: Draft | null): boolean => Boolean(draft && (draft.pictures.length || draft.words.trim() || draft.address.trim()));

export type Missing = "what" | "where";

/** What it lacks before it can be sent: something to see or read, and somewhere to go. */
export function missingIn(draft: Draft): Missing[] {
  const missing: Missing[] = [];
  if (!draft.pictures.length && cleanText(draft.words).length < 2) missing.push("what");
  if (!draft.spot && !cleanLine(draft.address)) missing.push("where");
  return missing;
}

export interface Taken {
  tempFilePath: string;
  fileType: string;
  size: number;
  /** Seconds, of a video. */
  duration?: number;
  thumbTempFilePath?: string;
}

/** Seconds that the server takes (files/films.py); what is filmed here has thirty, what lies in the album may be longer. */
export const LONGEST_S = 120;

/** Copied out of WeChat's temporary folder and known by its bytes: the same picture twice is one. `wrote` is told of each. */
export async function addPictures(pictures: Picture[], taken: Taken[], wrote: () => void): Promise<void> {
  for (const one of taken) {
    const id = freshId();
    const path = await keepFile(one.tempFilePath, id);
    const size = await sizeOf(path);
    const sha256 = await digestOf(path, size);
    if (pictures.some((other) => other.sha256 === sha256)) {
      dropFile(path);
      continue;
    }
    const video = one.fileType === "video";
    const cover = video && one.thumbTempFilePath ? await keepFile(one.thumbTempFilePath, `${id}-cover`) : "";
    pictures.push({
      ...{ id, path, cover, sha256, size, owner: "", kind: video ? "video" : "photo", type: typeOf(path), name: path.split("/").pop() ?? id },
      ...{ state: "kept", url: null, offset: 0, detail: "" },
    });
    wrote();
  }
}

export function dropPictures(pictures: Picture[]): void {
  for (const { path, cover } of pictures) [path, cover].filter(Boolean).forEach(dropFile);
}

/** A video counts alone; photos up to the city's number. */
export async function take(most: number, videos: boolean): Promise<Taken[]> {
  const { tempFiles } = await ask<WechatMiniprogram.ChooseMediaSuccessCallbackResult>((ends) =>
    wx.chooseMedia({ count: most, mediaType: videos ? ["mix"] : ["image"], sourceType: ["camera", "album"], sizeType: ["compressed"], maxDuration: 30, ...ends }),
  );
  return tempFiles;
}

export function reportData(draft: Draft, at: string, photos: string[]): ReportData {
  const { spot } = draft;
  return {
    id: draft.id,
    words: cleanText(draft.words),
    photos,
    ...(spot ? { lon: spot.lon, lat: spot.lat, crs: "gcj02" as const, ...(spot.accuracy_m === null ? {} : { accuracy_m: spot.accuracy_m }) } : {}),
    ...(cleanLine(draft.address) ? { address: cleanLine(draft.address) } : {}),
    ...(draft.category ? { category: draft.category } : {}),
    ...(draft.unit ? { wished_unit: draft.unit } : {}),
    ...alongside(draft),
    anonymous: draft.anonymous,
    client_at: at,
    channel: "miniprogram",
  };
}
