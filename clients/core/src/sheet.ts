// The sheet that is signed, and its bytes. The server builds the same one: tests/contracts/record_sheet.json holds both to it.
import { sha256Hex } from "./hash";
import { cleanText } from "./text";
import type { Answer, Finding, OnSite, Sheet, Visit } from "./types";

export interface RecordWords {
  summary: string;
  met_name: string;
  met_title?: string;
  met_phone?: string;
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

export const digestOf = (sheet: Sheet): Promise<string> => sha256Hex(canonical(sheet));

const tidy = (text: string | undefined | null): string => cleanText(text ?? "");

/** By UTF-16 units, as JavaScript does; the server sorts names the same way. */
const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const byParts = (one: string[], other: string[]): number => byText(one[0] ?? "", other[0] ?? "") || byText(one[1] ?? "", other[1] ?? "");
const byId = <T extends { id: string }>(one: T, other: T): number => byText(one.id, other.id);

export interface SheetParts {
  answers: Record<string, Answer>;
  findings: Finding[];
  on_site: OnSite[];
}

/** Officers as the server names them when it has a sheet already; else those who lead or inspect. */
export function sheetOf(visit: Visit, parts: SheetParts, record: RecordWords): Sheet {
  const officers = visit.members.filter((one) => one.role === "leader" || one.role === "officer").map((one): [string, string] => [tidy(one.name), tidy(one.certificate)]);
  return {
    answers: Object.entries(parts.answers)
      .map(([item, answer]): Sheet["answers"][number] => [item, answer.value, tidy(answer.remark)])
      .sort((one, other) => byText(one[0], other[0])),
    enterprise: tidy(visit.enterprise.name),
    findings: parts.findings
      .filter((one) => !one.withdrawn)
      .sort(byId)
      .map((one) => [one.id, tidy(one.place), tidy(one.description), one.clause ?? null, one.major]),
    met: [tidy(record.met_name), tidy(record.met_title), tidy(record.met_phone)],
    number: visit.number,
    officers: visit.sheet?.officers ?? officers.sort(byParts),
    on_site: [...parts.on_site].sort(byId).map((one) => [one.id, one.kind, tidy(one.words), one.people ?? null]),
    summary: tidy(record.summary),
    visit: visit.id,
  };
}
