// Reports that may be the same one; the page that lists them reads what the report page asked.
import type { Near } from "@anlan/core/citizen";
import type { Draft } from "./draft";
import { citizen } from "./server";

let found: Near[] = [];

export const lastNear = (): Near[] => found;

/** By place, words and kind; pictures only once they are on the server. */
export async function nearby(draft: Draft): Promise<Near[]> {
  const { spot, words, category, pictures } = draft;
  if (!spot) return [];
  const there = pictures.flatMap((one) => one.file ?? []);
  const { items } = await citizen.near({ lon: spot.lon, lat: spot.lat, crs: "gcj02", ...(words.trim() ? { words } : {}), ...(category ? { category } : {}), ...(there.length ? { photos: there } : {}) });
  found = items;
  return items;
}
