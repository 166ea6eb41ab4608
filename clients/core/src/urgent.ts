// Words that mean: leave, and call for help before anything else. The server sends the city's own list with its settings (the same that it
// reads a report by); this one is for a phone that has not heard from it yet. Negations are not read: a false alarm costs a glance.

/** `A~B` is B at most eight signs behind A; in `harmless` stand longer words in which a word means something else. */
export interface UrgentGroup {
  words: string[];
  harmless: string[];
  numbers: string[];
}

export interface UrgentFound {
  word: string;
  numbers: string[];
}

export const URGENT_WORDS: UrgentGroup[] = [
  { numbers: ["119", "110"], harmless: ["轮胎漏气", "车胎漏气"], words: ["燃气味", "煤气味", "天然气味", "漏气", "燃气~泄漏", "煤气~泄漏", "天然气~泄漏", "gas smell", "smell of gas", "gas leak"] },
  { numbers: ["119"], harmless: ["着火点", "防止着火"], words: ["着火", "起火", "失火", "冒浓烟", "正在冒烟", "爆燃", "爆炸了", "发生爆炸", "on fire", "explosion"] },
  { numbers: ["119", "110"], harmless: ["防坍塌"], words: ["坍塌", "垮塌", "倒塌", "塌方", "塌了", "快塌", "透水", "collapse"] },
  { numbers: ["119", "120"], harmless: ["被困扰", "防中毒", "防触电", "防溺水"], words: ["被困", "被埋", "有人受伤", "昏倒", "晕倒", "中毒", "触电了", "有人触电", "溺水", "救命", "trapped", "injured"] },
  { numbers: ["119", "110"], harmless: [], words: ["危化品~泄漏", "化学品~泄漏", "毒气"] },
];

const FAR = 8;
const GAP = "\u0000";

/** Half width, small letters, without spaces and marks between. */
const joined = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

interface Compiled {
  numbers: string[];
  harmless: RegExp | null;
  words: [string, RegExp][];
}
const kept = new WeakMap<readonly UrgentGroup[], Compiled[]>();

function compiled(groups: readonly UrgentGroup[]): Compiled[] {
  const there = kept.get(groups);
  if (there) return there;
  const made = groups.map((group) => {
    const harmless = group.harmless.map((one) => escaped(joined(one))).filter(Boolean).sort((one, other) => other.length - one.length);
    const words = group.words.map((one): [string, RegExp] => [one.replace("~", "…"), new RegExp(one.split("~").map((half) => escaped(joined(half))).join(`[^${GAP}]{0,${FAR}}?`))]);
    return { numbers: group.numbers, harmless: harmless.length ? new RegExp(harmless.join("|"), "g") : null, words };
  });
  kept.set(groups, made);
  return made;
}

/** The first urgent word in what was typed, with whom to call. */
export function urgentIn(typed: string, groups: readonly UrgentGroup[] = URGENT_WORDS): UrgentFound | null {
  const whole = joined(typed);
  if (!whole) return null;
  for (const { numbers, harmless, words } of compiled(groups)) {
    const left = harmless ? whole.replace(harmless, GAP) : whole;
    const found = words.find(([, pattern]) => pattern.test(left));
    if (found) return { word: found[0], numbers };
  }
  return null;
}
