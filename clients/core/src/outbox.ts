// The outbox: every act is written here first, in one transaction with its number, and leaves only by an answer or by a person's word.
import { newId } from "./ids";
import { STUCK, type Command, type CommandState, type Database, type Meta, type Told } from "./store";
import { cleanPayload } from "./text";
import { TRANSITIONS, type CommandBody, type CommandKind, type Id } from "./types";

export interface Act {
  kind: CommandKind;
  subject: Id;
  payload: Record<string, unknown>;
  photos?: string[];
  /** The version of the record this was decided on, for transitions. */
  seen?: number;
  id?: Id;
  label?: string;
  told?: Told;
}

export async function enqueue(database: Database, act: Act, now: Date = new Date()): Promise<Command> {
  const transaction = database.transaction(["meta", "commands"], "readwrite");
  const meta = transaction.objectStore("meta");
  const seq = (((await meta.get("seq")) as number | undefined) ?? 0) + 1;
  const versions = ((await meta.get("versions")) as Meta["versions"] | undefined) ?? {};
  const command: Command = {
    id: act.id ?? newId(now.getTime()),
    seq,
    kind: act.kind,
    subject: act.subject,
    base_version: TRANSITIONS.has(act.kind) ? Math.max(act.seen ?? 0, versions[act.subject] ?? 0) : null,
    at: now.toISOString(),
    payload: cleanPayload(act.payload),
    photos: [...(act.photos ?? [])], // a copy: a screen's list may be one the store cannot clone
    state: "queued",
    label: act.label ?? "",
    told: act.told ?? null,
    sealed: null,
    detail: "",
    code: "",
    errors: [],
    version: null,
    record: {},
    tries: 0,
    done_at: null,
  };
  await meta.put(seq, "seq");
  await transaction.objectStore("commands").add(command);
  await transaction.done;
  return command;
}

export async function allCommands(database: Database): Promise<Command[]> {
  return database.getAllFromIndex("commands", "seq");
}

/** Another word on the same matter while the first has not left the phone: one command, not two. False when it is too late. */
export async function revise(database: Database, id: Id, payload: Record<string, unknown>, photos: string[], now: Date = new Date()): Promise<boolean> {
  const transaction = database.transaction("commands", "readwrite");
  const command = await transaction.store.get(id);
  const early = command?.state === "queued" && command.sealed === null;
  if (command && early) await transaction.store.put({ ...command, payload: cleanPayload(payload), photos: [...photos], at: now.toISOString() });
  await transaction.done;
  return early;
}

/** Changes one command where it lies; another window may have changed it meanwhile, so read and write are one transaction. */
export async function change(database: Database, id: Id, by: (command: Command) => void): Promise<Command | undefined> {
  const transaction = database.transaction("commands", "readwrite");
  const command = await transaction.store.get(id);
  if (command) {
    by(command);
    await transaction.store.put(command);
  }
  await transaction.done;
  return command;
}

export function bodyOf(command: Command): CommandBody {
  const { id, seq, kind, subject, base_version, at, payload, photos } = command;
  return { id, seq, kind, subject, base_version, at, payload, photos };
}

/** Its photos, and those that its payload names itself: a self-check's findings have photos of their own. */
export function photosOf(command: Pick<Command, "photos" | "payload">): string[] {
  const findings = (command.payload["findings"] as { photos?: string[] }[] | undefined) ?? [];
  return [...new Set([...command.photos, ...findings.flatMap((one) => one.photos ?? [])])];
}

/**
 * Seals the command: from now on these bytes are what it is, until the server says that it did nothing with them.
 * A transition stands on what this phone's own earlier commands made of the record: `version`.
 */
export async function seal(database: Database, id: Id, version: number): Promise<Command | undefined> {
  return change(database, id, (command) => {
    if (command.sealed === null) {
      if (command.base_version !== null) command.base_version = Math.max(command.base_version, version);
      command.sealed = JSON.stringify(bodyOf(command));
    }
    command.state = "sending";
    command.tries += 1;
  });
}

/** The server kept nothing of it, so it may be changed and sent again under the same id. */
export function unseal(command: Command, state: CommandState): void {
  command.state = state;
  command.sealed = null;
}

/** Fell with what it stood on, by a person's word about that. */
export const VOID = "void";

/** Ends it by a person's word; the photos and words stay to be read. `why` is `VOID` for what fell with another act. */
export async function giveUp(database: Database, id: Id, how: "dropped" | "desk", now: Date = new Date(), why = ""): Promise<void> {
  await change(database, id, (command) => {
    if (command.state === "applied" || command.state === "settled") throw new Error("it has been done already");
    unseal(command, how);
    if (why) command.code = why;
    command.done_at = now.toISOString();
  });
}

/**
 * Sends it once more: with other words after a rejection, or on the version the person has now seen after a conflict. `at` is given when it
 * was not put right but done anew: a second arrival, another signature.
 */
export async function mend(database: Database, id: Id, how: { payload?: Record<string, unknown>; photos?: string[]; seen?: number; told?: Told; at?: Date } = {}): Promise<void> {
  await change(database, id, (command) => {
    if (!STUCK.has(command.state)) throw new Error("nothing is wrong with it");
    unseal(command, "queued");
    if (how.payload) command.payload = cleanPayload(how.payload);
    if (how.photos) command.photos = [...how.photos];
    if (how.told) command.told = how.told;
    if (how.at) command.at = how.at.toISOString();
    if (TRANSITIONS.has(command.kind)) command.base_version = how.seen ?? command.version ?? command.base_version;
    command.detail = command.code = "";
    command.errors = [];
  });
}

/** What comes after `command` on the same record and has not been done: it falls with it when it makes no sense alone. */
export function following(commands: Command[], command: Command): Command[] {
  return commands.filter((one) => one.subject === command.subject && one.seq > command.seq && !["applied", "settled", "dropped", "desk"].includes(one.state));
}

/** Acts whose words stand on the sheet that both sides sign. */
const ON_THE_SHEET: ReadonlySet<CommandKind> = new Set(["visit.arrive", "visit.answer", "visit.finding", "visit.withdraw_finding", "visit.on_site", "visit.record"]);

/**
 * What falls when this act changes or goes: the record behind it, as another sheet would be signed, and the signatures under that one. All
 * of it is still on this phone, for nothing passes an act of its own record that is stuck.
 */
export function falling(commands: Command[], command: Command): Command[] {
  if (!ON_THE_SHEET.has(command.kind)) return [];
  const behind = following(commands, command);
  const record = command.kind === "visit.record" ? command : behind.find((one) => one.kind === "visit.record");
  if (!record) return [];
  return behind.filter((one) => one.seq >= record.seq && ["visit.record", "visit.sign", "visit.reopen"].includes(one.kind));
}
