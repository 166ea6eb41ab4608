// Words by group and key, Chinese first. A page gets its own group and the common one: setData carries what it gets over a bridge.
import { prefs } from "../lib/prefs";
import { en } from "./en";
import { zh } from "./zh";

export type Group = keyof typeof zh;
type Catalogue = Record<Group, Record<string, string>>;
const catalogues: Record<"zh" | "en", Catalogue> = { zh, en };

const now = (): Catalogue => catalogues[prefs().language];

export const wordsOf = (group: Group): Record<string, string> => ({ ...now().common, ...now()[group] });

export function say<One extends Group>(group: One, key: keyof (typeof zh)[One] & string, values: Record<string, string | number> = {}): string {
  const text = now()[group][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The tabs below are WeChat's own and only change when told. */
export function nameTabs(): void {
  (["home", "mine", "plaza", "me"] as const).forEach((key, index) => wx.setTabBarItem({ index, text: say("tabs", key), fail: () => undefined }));
}
