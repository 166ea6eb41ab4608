// Pictures that only the server has: fetched with this person's rights when there is a network, never kept beyond the app's life.
import { computed } from "vue";
import { filesBySha, type Id } from "@anlan/core";
import { api, app } from "./app";

const MOST = 150;
const kept = new Map<string, Promise<Blob | null>>();

const files = computed<Record<string, Id>>(() => Object.assign({}, ...(app.day?.visits ?? []).map(filesBySha)) as Record<string, Id>);

/** Where the server keeps a photo, when the downloaded day says so. */
export const fileOf = (sha256: string): Id | undefined => files.value[sha256];

export type Missing = "offline" | "gone";

/** The derived picture. Throws the word for what to show instead. */
export async function pictureOf(file: Id, size: "thumb" | "display"): Promise<Blob> {
  const path = `/api/v1/files/${file}/${size}`;
  let asked = kept.get(path);
  if (!asked) {
    asked = api.picture(path);
    kept.set(path, asked);
    if (kept.size > MOST) kept.delete(kept.keys().next().value ?? "");
  }
  const found = await asked.catch(() => {
    kept.delete(path);
    throw "offline" satisfies Missing;
  });
  if (found) return found;
  kept.delete(path);
  throw "gone" satisfies Missing;
}
