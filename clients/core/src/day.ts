// Today's work as downloaded, and what of the outbox it makes superfluous.
import type { Api } from "./api";
import { allCommands, photosOf } from "./outbox";
import { newId } from "./ids";
import { getMeta, openStore, setMeta, UNSENT, type Command, type Database } from "./store";
import type { Clause, Day, Id } from "./types";

/** Somebody else is signed in: nothing of this store may be sent in their name. */
export class OtherPerson extends Error {}

const KEEP_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

/** The first time on this phone: who are we? Opens that person's store. */
export async function firstDay(api: Api): Promise<{ database: Database; day: Day }> {
  const { body, headers } = await api.call<Day>("/api/v1/field/day");
  const database = await openFor(body.actor.person);
  await keepDay(database, body, headers.get("ETag") ?? "");
  return { database, day: body };
}

/** A person's store with its device id. */
export async function openFor(person: Id): Promise<Database> {
  const database = await openStore(person);
  if (!(await getMeta(database, "device"))) await setMeta(database, "device", newId());
  return database;
}

export interface Fetched {
  /** Milliseconds of this phone when it was asked for. */
  began: number;
  clauses_version: string;
}

export async function fetchDay(api: Api, database: Database, person: Id): Promise<Fetched> {
  const began = Date.now();
  const kept = await database.get("cached", "day");
  const { status, headers, body } = await api.call<Day>("/api/v1/field/day", { headers: kept?.etag ? { "If-None-Match": kept.etag } : {} });
  const day = status === 304 ? (kept?.body as Day) : body;
  if (day.actor.person !== person) throw new OtherPerson();
  if (status !== 304) await keepDay(database, day, headers.get("ETag") ?? "");
  await setMeta(database, "day_at", new Date(began).toISOString());
  return { began, clauses_version: day.clauses_version };
}

async function keepDay(database: Database, day: Day, etag: string): Promise<void> {
  const commands = await allCommands(database);
  const kept = (await database.get("cached", "day"))?.body as Day | undefined;
  const visits = [...day.visits, ...stillNeeded(kept?.visits, day.visits, commands)];
  const gone = stillNeeded(kept?.hazards, day.hazards, commands).map((one) => ({ ...one, gone: true, next: "", steps: [] }));
  await database.put("cached", { etag, body: { ...day, visits, hazards: [...(day.hazards ?? []), ...gone] } }, "day");
}

/** What is no longer among today's stays on the phone while something of it is unsent. */
function stillNeeded<One extends { id: Id }>(kept: One[] = [], now: One[] = [], commands: Command[]): One[] {
  const there = new Set(now.map((one) => one.id));
  const unsent = new Set(commands.filter((one) => UNSENT.has(one.state)).map((one) => one.subject));
  return kept.filter((one) => !there.has(one.id) && unsent.has(one.id));
}

/** The small pictures of the hazards that are carried, so that they can be seen where there is no network; others are let go. */
export async function fetchPictures(api: Api, database: Database): Promise<void> {
  const day = (await database.get("cached", "day"))?.body as Day | undefined;
  const wanted = new Set((day?.hazards ?? []).flatMap((one) => one.photos.map((photo) => photo.file)));
  const kept = new Set(await database.getAllKeys("pictures"));
  for (const file of kept) if (!wanted.has(file)) await database.delete("pictures", file);
  for (const file of wanted) {
    if (kept.has(file)) continue;
    const picture = await api.picture(`/api/v1/files/${file}/thumb`);
    if (picture) await database.put("pictures", picture, file);
  }
}

export async function fetchClauses(api: Api, database: Database, version: string): Promise<void> {
  const kept = await database.get("cached", "clauses");
  if (kept && version && (await getMeta(database, "clauses_version")) === version) return;
  const { status, headers, body } = await api.call<Clause[]>("/api/v1/field/clauses", { headers: kept?.etag ? { "If-None-Match": kept.etag } : {} });
  if (status !== 304) await database.put("cached", { etag: headers.get("ETag") ?? "", body }, "clauses");
  await setMeta(database, "clauses_version", version);
}

/** What was done before the day was asked for is in it: it need not be laid over it any more. */
export async function settle(database: Database, began: number): Promise<void> {
  const transaction = database.transaction("commands", "readwrite");
  for (const command of await transaction.store.getAll()) {
    if (command.state === "applied" && command.done_at && Date.parse(command.done_at) <= began) {
      command.state = "settled";
      await transaction.store.put(command);
    }
  }
  await transaction.done;
}

/** Lets go of photos that have arrived, and after a month of what is over. Nothing unsent is ever touched. */
export async function tidyUp(database: Database, now: number): Promise<void> {
  const commands = await allCommands(database);
  const drafts = JSON.stringify(await database.getAll("drafts"));
  const long = now - KEEP_DAYS * DAY_MS;
  for (const command of commands) {
    const over = ["settled", "dropped", "desk"].includes(command.state);
    if (over && command.done_at && Date.parse(command.done_at) < long) await database.delete("commands", command.id);
  }
  for (const photo of await database.getAll("photos")) {
    const users = commands.filter((one) => photosOf(one).includes(photo.sha256));
    if (drafts.includes(photo.sha256)) continue;
    if (users.length && users.every((one) => one.state === "settled") && photo.blob) {
      await database.put("photos", { ...photo, blob: null });
    } else if (users.length === 0 && Date.parse(photo.taken_at) < now - 7 * DAY_MS) {
      await database.delete("photos", photo.sha256);
    }
  }
}
