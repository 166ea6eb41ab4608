// The form of a step, made from what the step declares: what it begins with, what is wrong, what is sent, and what it says in words.
import type { Ask } from "@anlan/core";
import { t } from "../words";

export type Values = Record<string, string | string[]>;

const MANY = new Set<Ask["kind"]>(["photos", "officers"]);
const YES_NO = new Set<Ask["kind"]>(["yesno", "passed"]);
const AMOUNT = /^\d{1,11}(\.\d{1,2})?$/;

const text = (value: string | string[] | undefined): string => (typeof value === "string" ? value.trim() : "");
const list = (value: string | string[] | undefined): string[] => (Array.isArray(value) ? value : []);
const amountOf = (typed: string): string => typed.normalize("NFKC").replace(/[,\s]/g, "");

/** Every value as the form keeps it: texts, "true" or "false", lists. `known` is what was sent before, as it was sent. */
export function begin(asks: Ask[], today: string, known: Record<string, unknown> = {}): Values {
  return Object.fromEntries(
    asks.map((one) => {
      const value = one.kind !== "hidden" && one.name in known ? known[one.name] : one.value;
      if (MANY.has(one.kind)) return [one.name, Array.isArray(value) ? value.map(String) : []];
      if (value === null || value === undefined || one.kind === "signature") return [one.name, ""];
      if (one.kind === "money") return [one.name, String(Number(value) / 100)];
      return [one.name, value === "today" ? today : String(value)];
    }),
  );
}

/** Hidden ones are sent but never shown; others only when another answer asks for them. */
export const asked = (asks: Ask[], values: Values): Ask[] => asks.filter((one) => one.kind !== "hidden" && applies(one, values));

const applies = (one: Ask, values: Values): boolean => !one.when || values[one.when.field] === String(one.when.value);

/** The reason at each field; `signed` when the box holds a signature. */
export function wrong(asks: Ask[], values: Values, signed: boolean): Record<string, string> {
  const found: Record<string, string> = {};
  for (const one of asked(asks, values)) {
    const reason = whyWrong(one, values, signed);
    if (reason) found[one.name] = reason;
  }
  return found;
}

function whyWrong(one: Ask, values: Values, signed: boolean): string {
  if (one.kind === "signature") return signed ? "" : t("sign.need_drawing");
  if (MANY.has(one.kind)) {
    const least = Math.max(one.least, one.required ? 1 : 0);
    if (list(values[one.name]).length >= least) return "";
    return one.kind === "photos" ? t("finding.need_photo") : t("ask.need_people", { n: least });
  }
  const typed = text(values[one.name]);
  if (!typed) return one.required ? t("ask.need") : "";
  if (typed.length < one.least) return t("ask.need_more", { n: one.least });
  if ((one.kind === "money" || one.kind === "yuan") && !AMOUNT.test(amountOf(typed))) return t("ask.need_amount");
  return "";
}

/** What is sent; photos travel beside it. What is not asked for is not sent, nor what was left empty. */
export function dataOf(asks: Ask[], values: Values, drawing = ""): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const one of asks) {
    if (one.kind === "photos" || !applies(one, values)) continue;
    if (one.kind === "hidden") data[one.name] = one.value; // the present one, not that of a draft
    else if (one.kind === "signature") data[one.name] = drawing;
    else if (one.kind === "officers") data[one.name] = list(values[one.name]);
    else {
      const typed = text(values[one.name]);
      if (!typed) continue;
      if (YES_NO.has(one.kind)) data[one.name] = typed === "true";
      else if (one.kind === "money") data[one.name] = Math.round(Number(amountOf(typed)) * 100);
      else data[one.name] = one.kind === "yuan" ? amountOf(typed) : typed;
    }
  }
  return data;
}

export const photosIn = (asks: Ask[], values: Values): string[] => asks.filter((one) => one.kind === "photos").flatMap((one) => list(values[one.name]));

/** For the outbox, where the form may be gone by then. `names` words what is picked elsewhere: clauses, categories. */
export function toldOf(asks: Ask[], values: Values, names: (one: Ask, value: string) => string): [string, string][] {
  const facts: [string, string][] = [];
  for (const one of asked(asks, values)) {
    if (one.kind === "photos" || one.kind === "signature") continue;
    const value = MANY.has(one.kind) ? list(values[one.name]).map((each) => wordsOf(one, each)).join("、") : wordsOf(one, text(values[one.name]));
    if (value) facts.push([one.label, names(one, value)]);
  }
  return facts;
}

function wordsOf(one: Ask, value: string): string {
  if (one.kind === "passed") return value && (value === "true" ? t("ask.passed") : t("ask.failed"));
  if (one.kind === "yesno") return value && (value === "true" ? t("yes") : t("no"));
  return one.options.find(([code]) => code === value)?.[1] ?? value;
}
