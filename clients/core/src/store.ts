// What the phone keeps, one IndexedDB per person, so that nobody's unsent work is ever sent in another's name.
// Not encrypted by us: a key that must work offline without a word from its owner would lie beside the data; see docs/decisions.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Clause, CommandBody, Day, FieldError, Id, Iso } from "./types";

export type CommandState =
  | "queued" // on the phone alone
  | "sending" // handed to the network; whether it arrived is not known yet
  | "waiting" // the server misses photos
  | "held" // an earlier one of the same record did not go through
  | "applied" // done, but the downloaded day does not show it yet
  | "conflict" // the record moved on: a person decides
  | "rejected" // cannot be: the reason is at the field
  | "settled" // done and seen in the downloaded day
  | "dropped" // given up by the person, on purpose
  | "desk"; // handed to the desk, to be entered there

/** Not yet over: shown in the counts, and the reason why signing out asks. */
export const UNSENT: ReadonlySet<CommandState> = new Set(["queued", "sending", "waiting", "held", "conflict", "rejected"]);
/** Somebody has to look at it. */
export const STUCK: ReadonlySet<CommandState> = new Set(["conflict", "rejected"]);

export interface Told {
  brief: string;
  facts: [string, string][];
}

export interface Command extends CommandBody {
  state: CommandState;
  /** What it belongs to, in words, for when the visit itself is no longer among today's. */
  label: string;
  /** What was done, in words, where the record that could tell it may be gone by then. Never sent. */
  told: Told | null;
  /** The exact bytes of its first sending, while it may have been done by them; a retry must be the same bytes. */
  sealed: string | null;
  detail: string;
  code: string;
  errors: FieldError[];
  /** The server's version at a conflict. */
  version: number | null;
  record: Record<string, unknown>;
  tries: number;
  done_at: Iso | null;
}

export type PhotoState = "kept" | "uploading" | "uploaded" | "refused";

export interface Photo {
  sha256: string;
  /** Null once it arrived and its command is settled: the server has it. */
  blob: Blob | null;
  thumb: Blob | null;
  name: string;
  type: string;
  size: number;
  kind: "photo" | "signature" | "video";
  taken_at: Iso;
  /** When it came into this store: what is being written may not name it yet. */
  kept_at?: Iso;
  lon: number | null;
  lat: number | null;
  state: PhotoState;
  url: string | null;
  offset: number;
  detail: string;
  /** Under whose account it went up, where one phone has several. */
  owner?: Id;
  /** How the server calls it, once it is there. */
  file?: Id;
}

export interface Meta {
  device: Id;
  seq: number;
  /** Milliseconds by which the server is ahead of this phone, and when that was measured. */
  clock: { offset: number; at: Iso } | null;
  day_at: Iso | null;
  synced_at: Iso | null;
  clauses_version: string;
  /** The last version of a record that this phone knows of, after its own commands. */
  versions: Record<Id, number>;
}

interface Schema extends DBSchema {
  meta: { key: keyof Meta; value: unknown };
  cached: { key: "day" | "clauses"; value: { etag: string; body: unknown } };
  commands: { key: Id; value: Command; indexes: { seq: number; subject: Id } };
  photos: { key: string; value: Photo };
  /** Small pictures of others' photos, by the server's file id. */
  pictures: { key: Id; value: Blob };
  drafts: { key: string; value: { at: Iso; value: unknown } };
}

export type Database = IDBPDatabase<Schema>;

const nameOf = (person: Id): string => `anlan-phone-${person}`;

export async function openStore(person: Id): Promise<Database> {
  return openDB<Schema>(nameOf(person), 2, {
    upgrade(database, before) {
      if (before < 2) database.createObjectStore("pictures");
      if (before > 0) return;
      database.createObjectStore("meta");
      database.createObjectStore("cached");
      const commands = database.createObjectStore("commands", { keyPath: "id" });
      commands.createIndex("seq", "seq", { unique: true });
      commands.createIndex("subject", "subject");
      database.createObjectStore("photos", { keyPath: "sha256" });
      database.createObjectStore("drafts");
    },
  });
}

export async function wipeStore(person: Id): Promise<void> {
  // A second window holds the database open: emptied first, it is gone either way.
  const database = await openStore(person);
  const names = Array.from(database.objectStoreNames);
  const transaction = database.transaction(names, "readwrite");
  await Promise.all(names.map((name) => transaction.objectStore(name).clear()));
  await transaction.done;
  database.close();
  indexedDB.deleteDatabase(nameOf(person));
}

const empty = (): Meta => ({ device: "", seq: 0, clock: null, day_at: null, synced_at: null, clauses_version: "", versions: {} });

export async function getMeta<Key extends keyof Meta>(database: Database, key: Key): Promise<Meta[Key]> {
  return ((await database.get("meta", key)) as Meta[Key] | undefined) ?? empty()[key];
}

export async function setMeta<Key extends keyof Meta>(database: Database, key: Key, value: Meta[Key]): Promise<void> {
  await database.put("meta", value, key);
}

export async function cachedDay(database: Database): Promise<Day | null> {
  return ((await database.get("cached", "day"))?.body as Day | undefined) ?? null;
}

export async function cachedClauses(database: Database): Promise<Clause[]> {
  return ((await database.get("cached", "clauses"))?.body as Clause[] | undefined) ?? [];
}
