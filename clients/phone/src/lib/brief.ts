// What an act was about, in a few words and in full, from its payload and the visit it belongs to.
import type { Command } from "@anlan/core";
import { app } from "../state/app";
import { t, word, type Key } from "../words";
import { momentOf } from "./time";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function itemOf(id: string): string {
  for (const visit of app.day?.visits ?? []) {
    const item = visit.items.find((one) => one.id === id);
    if (item) return item.text;
  }
  return "";
}

/** Where a finding was made, on the server's word or on this phone's. */
function placeOf(id: string): string {
  const made = app.commands.find((one) => one.kind === "visit.finding" && one.payload["id"] === id)?.payload["place"];
  const known = (app.day?.visits ?? []).flatMap((one) => one.findings).find((one) => one.id === id)?.place;
  return text(made) || known || "–";
}

export function briefOf({ kind, payload, told }: Command): string {
  if (told) return told.brief;
  switch (kind) {
    case "visit.answer":
      return `${word("answer", text(payload["value"]))} ${itemOf(text(payload["item"])).slice(0, 24)}`;
    case "visit.finding":
      return `${text(payload["place"])} ${text(payload["description"]).slice(0, 24)}`;
    case "visit.on_site":
      return word("on_site", text(payload["kind"]));
    case "visit.sign":
      return `${word("party", text(payload["party"]))} ${text(payload["name"])}`;
    case "visit.record":
      return text(payload["summary"]).slice(0, 24);
    case "self_check.do":
      return word("cycle", text(payload["cycle"]));
    default:
      return text(payload["reason"]);
  }
}

const LABELS: Record<string, Key> = {
  item: "field.item",
  value: "field.value",
  remark: "item.remark",
  place: "finding.place",
  description: "finding.description",
  category: "finding.category",
  major: "finding.major",
  kind: "on_site.kind",
  words: "on_site.words",
  people: "on_site.people",
  until: "on_site.until",
  summary: "record.summary",
  met_name: "record.met_name",
  met_title: "record.met_title",
  met_phone: "record.met_phone",
  party: "field.party",
  name: "sign.name",
  title: "record.met_title",
  refused: "sign.refused",
  reason: "reason",
  witnesses: "sign.witnesses",
  code: "arrive.code",
  period: "field.period",
  cycle: "field.cycle",
  nothing_found: "self.nothing",
  excuse: "self.excuse",
  clause: "finding.clause",
  arrived_at: "field.arrived",
  left_at: "record.left_at",
  finding: "on_site.finding",
  photos: "finding.photos",
};

/** What the form calls a field the server speaks of. */
export function fieldWords(field: string): string {
  const key = LABELS[field.split(".")[0] ?? ""];
  return key ? t(key) : "";
}

/** Every field a person typed or chose, with its label; ids and machine words are left out. */
export function factsOf(command: Command): [string, string][] {
  const facts: [string, string][] = [...(command.told?.facts ?? [])];
  for (const [name, value] of Object.entries(command.told ? {} : command.payload)) {
    const key = LABELS[name];
    if (!key || name === "photos" || value === null || value === "" || value === false) continue;
    facts.push([t(key), wordsFor(name, value)]);
  }
  if (command.payload["lat"] != null) facts.push([t("field.position"), `${command.payload["lat"]}, ${command.payload["lon"]}`]);
  if (command.photos.length) facts.push([t("finding.photos"), t("photo.n", { n: command.photos.length })]);
  facts.push([t("field.at"), momentOf(command.at)]);
  return facts;
}

function wordsFor(name: string, value: unknown): string {
  if (value === true) return t("yes");
  const plain = String(value);
  if (name === "item") return itemOf(plain) || plain;
  if (name === "value") return word("answer", plain);
  if (name === "kind") return word("on_site", plain);
  if (name === "party") return word("party", plain);
  if (name === "cycle") return word("cycle", plain);
  if (name === "finding") return placeOf(plain);
  if (name === "arrived_at" || name === "left_at") return momentOf(plain);
  if (name === "category") return app.day?.categories.find((one) => one.code === plain)?.name ?? plain;
  if (name === "clause") return app.clauses.find((one) => one.id === plain)?.number ?? plain;
  return plain;
}
