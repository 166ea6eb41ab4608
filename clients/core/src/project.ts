// What the phone shows: the visit as downloaded, with everything done on this phone since laid over it.
import type { RecordWords } from "./sheet";
import type { Command } from "./store";
import { readable } from "./sheet";
import type { Answer, AnswerValue, Finding, Id, Iso, OnSite, Party, Signature, Visit } from "./types";

/** Where a shown thing stands: on the server, or the command that carries it. */
export interface Shown<Value> {
  value: Value;
  command: Command | null;
  /** SHA-256 of all its photos: those the server has and those that are still on this phone. */
  photos: string[];
}

export interface ShownSignature extends Signature {
  title: string;
  reason: string;
  witnesses: string;
}

export interface View {
  visit: Visit;
  state: string;
  version: number;
  arrive: Command | null;
  /** As the server noted it, else as this phone did. */
  arrived_at: Iso | null;
  answers: Record<Id, Shown<Answer>>;
  findings: Shown<Finding>[];
  on_site: Shown<OnSite>[];
  signatures: Shown<ShownSignature>[];
  record: RecordWords | null;
  digest: string;
  recordCommand: Command | null;
  /** Everything of this visit that is not settled, oldest first. */
  commands: Command[];
}

const OVER = new Set(["dropped", "desk", "settled"]);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function project(visit: Visit, all: Command[]): View {
  const commands = all.filter((one) => one.subject === visit.id && !OVER.has(one.state));
  const sheet = visit.sheet && readable(visit.sheet);
  const there = (files: Id[] | undefined): string[] => (files ?? []).flatMap((id) => visit.photos?.[id] ?? []);
  const view: View = {
    visit,
    state: visit.state,
    version: visit.version,
    arrive: null,
    arrived_at: visit.arrived_at ?? null,
    answers: Object.fromEntries(Object.entries(visit.answers).map(([item, value]) => [item, { value, command: null, photos: there(value.files) }])),
    findings: visit.findings.map((value) => ({ value, command: null, photos: there(value.files) })),
    on_site: visit.on_site.map((value) => ({ value, command: null, photos: [] })),
    signatures: visit.signatures.map((one) => ({
      value: { ...one, title: one.title ?? "", reason: one.reason ?? "", witnesses: one.witnesses ?? "" },
      command: null,
      photos: there(one.drawing ? [one.drawing] : []),
    })),
    record: sheet && RECORDED.has(visit.state) ? { summary: sheet.summary, met_name: sheet.met[0], met_title: sheet.met[1], met_phone: sheet.met[2], left_at: sheet.left } : null,
    digest: "",
    recordCommand: null,
    commands,
  };
  for (const command of commands) lay(view, command);
  return view;
}

export const RECORDED: ReadonlySet<string> = new Set(["recorded", "signed", "filed"]);

function lay(view: View, command: Command): void {
  const payload = command.payload;
  switch (command.kind) {
    case "visit.arrive":
      view.arrive = command;
      view.arrived_at = text(command.record["arrived_at"]) || text(payload["arrived_at"]) || command.at;
      if (!RECORDED.has(view.state)) view.state = "under_way";
      break;
    case "visit.answer": {
      const before = view.answers[text(payload["item"])];
      view.answers[text(payload["item"])] = {
        value: { value: payload["value"] as AnswerValue, remark: text(payload["remark"]), files: before?.value.files ?? [] },
        command,
        photos: joined(before?.photos, command.photos), // the server only ever adds
      };
      break;
    }
    case "visit.finding":
      put(view.findings, payload as unknown as Finding, command);
      break;
    case "visit.withdraw_finding": {
      const found = view.findings.find((one) => one.value.id === payload["finding"]);
      if (found) found.value = { ...found.value, withdrawn: text(payload["reason"]) || "–" };
      break;
    }
    case "visit.on_site":
      put(view.on_site, payload as unknown as OnSite, command);
      break;
    case "visit.record":
      view.record = {
        summary: text(payload["summary"]),
        met_name: text(payload["met_name"]),
        met_title: text(payload["met_title"]),
        met_phone: text(payload["met_phone"]),
        left_at: text(payload["left_at"]),
      };
      view.digest = text(payload["digest"]);
      view.recordCommand = command;
      view.state = "recorded";
      break;
    case "visit.sign":
      view.signatures.push({
        value: {
          party: payload["party"] as Party,
          name: text(payload["name"]),
          refused: payload["refused"] === true,
          title: text(payload["title"]),
          reason: text(payload["reason"]),
          witnesses: text(payload["witnesses"]),
        },
        command,
        photos: command.photos,
      });
      break;
    case "visit.reopen":
      view.state = "under_way";
      view.record = null;
      view.recordCommand = null;
      view.signatures = [];
      break;
    default:
      break;
  }
}

/** A fact that came down with the day while its own command is still here is one thing, not two. */
function put<Value extends { id: Id }>(list: Shown<Value>[], value: Value, command: Command): void {
  const at = list.findIndex((one) => one.value.id === value.id);
  const shown = { value, command, photos: joined(list[at]?.photos, command.photos) };
  if (at < 0) list.push(shown);
  else list[at] = shown;
}

const joined = (some: string[] | undefined, more: string[]): string[] => [...new Set([...(some ?? []), ...more])];

/** Where the server keeps a photo, by its SHA-256. */
export function filesBySha(visit: Visit): Record<string, Id> {
  return Object.fromEntries(Object.entries(visit.photos ?? {}).map(([id, sha256]) => [sha256, id]));
}

/** Items that say no without a finding: the record waits for them. */
export function withoutFinding(view: View): Id[] {
  const found = new Set(view.findings.filter((one) => !one.value.withdrawn).map((one) => one.value.item));
  return Object.entries(view.answers)
    .filter(([item, one]) => one.value.value === "no" && !found.has(item))
    .map(([item]) => item);
}

export function answered(view: View): number {
  return view.visit.items.filter((item) => view.answers[item.id]).length;
}

export interface Signer {
  party: Party;
  name: string;
}

/**
 * Who may still sign; nobody once every party has signed as often as the record needs, for then it is closed. An expert who leads expert
 * help signs as expert, as on the server.
 */
export function signersLeft(view: View): Signer[] {
  const { kind, members, signers } = view.visit;
  const given = (party: Party, name?: string): number => view.signatures.filter((one) => one.value.party === party && (!name || one.value.name === name)).length;
  const people: Signer[] = members
    .filter((one) => one.role !== "observer")
    .map(({ role, name }) => ({ party: role === "expert" || (role === "leader" && kind === "expert_help") ? "expert" : "officer", name }));
  const open: Signer[] = people.filter((one) => !given(one.party, one.name));
  if (!given("enterprise")) open.push({ party: "enterprise", name: view.record?.met_name ?? "" });
  // A day downloaded from an older server does not say how many: then everybody signs.
  const needed = signers ?? { officer: people.filter((one) => one.party === "officer").length, expert: people.filter((one) => one.party === "expert").length, enterprise: 1 };
  const whole = (Object.entries(needed) as [Party, number][]).every(([party, count]) => given(party) >= count);
  return whole ? [] : open;
}

/** Has anybody of the enterprise signed, or refused to? Then the visit can no longer be opened again. */
export function bound(view: View): boolean {
  return view.signatures.some((one) => one.value.party === "enterprise");
}
