// The sheet that is signed, and its bytes. The server builds the same one: tests/contracts/record_sheet.json holds both to it.
import { sha256Hex } from "./hash";
import { cleanText } from "./text";
import type { View } from "./project";
import type { AnySheet, Iso, Sheet, Visit } from "./types";

export interface RecordWords {
  summary: string;
  met_name: string;
  met_title?: string;
  met_phone?: string;
  left_at: Iso;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Keys sorted, no white space, UTF-8 unescaped; whole numbers only. JSON.stringify escapes what JSON demands and nothing else. */
export function canonical(value: unknown): string {
  return write(value as Json);
}

function write(value: Json): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Error(`not a whole number: ${value}`);
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(value[key] as Json)}`);
  return `{${parts.join(",")}}`;
}

export const digestOf = (sheet: AnySheet): Promise<string> => sha256Hex(canonical(sheet));

const tidy = (text: string | undefined | null): string => cleanText(text ?? "");

/** By UTF-16 units, as JavaScript does; the server sorts names the same way. */
const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const byParts = (one: string[], other: string[]): number => byText(one[0] ?? "", other[0] ?? "") || byText(one[1] ?? "", other[1] ?? "");
const byId = <T extends { id: string }>(one: T, other: T): number => byText(one.id, other.id);

/** The minute a time lies in: seconds would differ between two clocks that agree. */
export const minuteOf = (moment: Iso | null | undefined): string => (moment ? `${new Date(moment).toISOString().slice(0, 16)}Z` : "");

/** The sheet of a visit as this phone shows it, photos by their hashes, whether they have left the phone or not. */
export function sheetOf(view: Pick<View, "visit" | "arrived_at" | "answers" | "findings" | "on_site">, record: RecordWords): Sheet {
  const { visit } = view;
  const photos = (hashes: string[]): string[] => [...new Set(hashes)].sort(byText);
  return {
    answers: Object.entries(view.answers)
      .map(([item, one]) => ({ item, photos: photos(one.photos), remark: tidy(one.value.remark), value: one.value.value }))
      .sort((one, other) => byText(one.item, other.item)),
    arrived: minuteOf(view.arrived_at),
    basis: tidy(visit.basis),
    check: visit.check,
    enterprise: tidy(visit.enterprise.name),
    findings: view.findings
      .filter((one) => !one.value.withdrawn)
      .map(({ value, photos: hashes }) => ({
        category: value.category,
        clause: value.clause ?? null,
        description: tidy(value.description),
        id: value.id,
        item: value.item ?? null,
        major: value.major,
        photos: photos(hashes),
        place: tidy(value.place),
        risk_point: value.risk_point ?? null,
      }))
      .sort(byId),
    form: 2,
    kind: visit.kind,
    left: minuteOf(record.left_at),
    met: [tidy(record.met_name), tidy(record.met_title), tidy(record.met_phone)],
    number: visit.number,
    officers: visit.sheet?.officers ?? officersOf(visit),
    on_site: view.on_site
      .map(({ value }) => ({ finding: value.finding ?? null, id: value.id, kind: value.kind, people: value.people ?? null, until: value.until ?? null, words: tidy(value.words) }))
      .sort(byId),
    style: visit.style,
    summary: tidy(record.summary),
    visit: visit.id,
  };
}

/** As the server names them when it has a sheet already; else those who go to work there. */
function officersOf(visit: Visit): [string, string][] {
  return visit.members
    .filter((one) => one.role !== "observer")
    .map((one): [string, string] => [tidy(one.name), tidy(one.certificate)])
    .sort(byParts);
}

/** A sheet of any form as the second one names its parts; what the first did not hold is empty. */
export function readable(sheet: AnySheet): Sheet {
  if ("form" in sheet) return sheet;
  const none = { arrived: "", basis: "", check: "", kind: "", left: "", style: "", form: 2 } as const;
  return {
    ...sheet,
    ...none,
    answers: sheet.answers.map(([item, value, remark]) => ({ item, photos: [], remark, value })),
    findings: sheet.findings.map(([id, place, description, clause, major]) => ({ category: "", clause, description, id, item: null, major, photos: [], place, risk_point: null })),
    on_site: sheet.on_site.map(([id, kind, words, people]) => ({ finding: null, id, kind, people, until: null, words })),
  };
}
