// Words by key, Chinese first. A missing value shows its key: the test keeps both catalogues whole.
import { settings } from "../../src/state/settings";
import { en } from "./en";
import { zh } from "./zh";

export type Key = keyof typeof zh;
const catalogues: Record<string, Record<Key, string>> = { zh, en };

export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = catalogues[settings.language]?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** For keys built from a code: the code itself when we have no word for it. */
export function word(group: string, code: string): string {
  const key = `${group}.${code}` as Key;
  return key in zh ? t(key) : code;
}
