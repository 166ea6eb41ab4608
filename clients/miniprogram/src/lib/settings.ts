// What the city has set for its citizens' service; the last answer is kept for times without a network.
import type { CitizenSettings } from "@anlan/core/citizen";
import { URGENT_WORDS } from "@anlan/core/urgent";
import { keep, kept } from "./kept";
import { citizen } from "./server";

export type Settings = CitizenSettings;

const UNKNOWN: Settings = {
  city: "",
  region: 0,
  urgent_numbers: ["119", "120", "12350"],
  urgent_words: URGENT_WORDS,
  anonymous_allowed: false,
  real_name_needed: false,
  wechat: true,
  categories: [],
  photos_max: 9,
  video_max_mb: 20,
  proof: null,
};

let held: Settings | null = null;

/** The same object until they are asked anew: what is made from them can be kept beside them. */
export const settings = (): Settings => (held ??= { ...UNKNOWN, ...kept<Partial<Settings>>("settings", {}) });

let asking: Promise<Settings> | null = null;

/** Asked once at a time, however many pages want to know. */
export function refreshSettings(): Promise<Settings> {
  asking ??= citizen
    .settings()
    .then((found) => {
      keep("settings", found);
      held = null;
      return settings();
    })
    .finally(() => (asking = null));
  return asking;
}
