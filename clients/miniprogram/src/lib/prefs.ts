// How this person likes to read.
import { keep, kept } from "./kept";

export interface Prefs {
  language: "zh" | "en";
  large: boolean;
}

const systems = (): Prefs["language"] => (/^en/i.test((wx.getAppBaseInfo?.() as { language?: string } | undefined)?.language ?? "") ? "en" : "zh");

export const prefs = (): Prefs => ({ language: systems(), large: false, ...kept<Partial<Prefs>>("prefs", {}) });

export const setPrefs = (change: Partial<Prefs>): void => keep("prefs", { ...kept<Partial<Prefs>>("prefs", {}), ...change });
