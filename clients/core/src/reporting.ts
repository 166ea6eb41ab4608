// What a citizen's phone keeps until the server has it: the report being written, what was sent off, the photos. One store a device, for
// a report is written before anybody signs in. What was sent off leaves only by an answer or by its writer's word.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { alongside, type Employer, type ReportCard, type ReportData, type Signatory } from "./citizen";
import { newId } from "./ids";
import { keepPhoto, type Shot } from "./photos";
import type { Database, Photo } from "./store";
import { cleanText } from "./text";
import type { FieldError, Id, Iso } from "./types";

const DAY_MS = 86_400_000;
/** What was sent is shown by the server; what lies here goes after so many days. */
const SENT_DAYS = 30;

export interface Spot {
  lon: number;
  lat: number;
  accuracy_m: number | null;
  /** A base map may have a system of its own. */
  system: "wgs84" | "gcj02";
  how: "position" | "map";
}

/** The report that is being written; `id` is the report's from its first letter on. */
export interface Draft {
  id: Id;
  words: string;
  photos: string[];
  spot: Spot | null;
  address: string;
  region: number | null;
  category: string;
  unit: Id;
  unit_name: string;
  anonymous: boolean;
  joint: Signatory[];
  /** Where its writer works, when the report is about that enterprise. */
  employer: Employer | null;
}

export const emptyDraft = (): Draft => ({ id: newId(), words: "", photos: [], spot: null, address: "", region: null, category: "", unit: "", unit_name: "", anonymous: false, joint: [], employer: null });

export type LetterState = "queued" | "sending" | "sent" | "rejected";

interface Target {
  /** The report it joins or contests; by claim code when there is one. */
  id: Id;
  code: string;
  number: string;
}

/** Something sent off: a report, a word joined to another's, an objection. */
export interface Letter {
  id: Id;
  kind: "report" | "join" | "contest";
  target: Target | null;
  data: Record<string, unknown>;
  /** As it was written, so that a refused one is written on and not typed again. */
  written: Draft | null;
  photos: string[];
  anonymous: boolean;
  at: Iso;
  state: LetterState;
  /** Under whose session it was first sent: never again under another's. */
  person: Id;
  /** It may have been done: a retry is the same bytes. */
  sealed: boolean;
  tries: number;
  detail: string;
  code: string;
  errors: FieldError[];
  report: ReportCard | null;
  claim: string;
}

/** A claim code this phone was asked to remember. */
export interface KnownClaim {
  code: string;
  number: string;
  words: string;
  at: Iso;
}

interface Schema extends DBSchema {
  drafts: { key: string; value: Draft };
  letters: { key: Id; value: Letter };
  photos: { key: string; value: Photo };
  claims: { key: string; value: KnownClaim };
  /** Answers to look at without a network. */
  cached: { key: string; value: unknown };
}

export type ReportStore = IDBPDatabase<Schema>;
const NAME = "anlan-report";

export const openReports = (): Promise<ReportStore> =>
  openDB<Schema>(NAME, 1, {
    upgrade(database) {
      database.createObjectStore("drafts");
      database.createObjectStore("letters", { keyPath: "id" });
      database.createObjectStore("photos", { keyPath: "sha256" });
      database.createObjectStore("claims", { keyPath: "code" });
      database.createObjectStore("cached");
    },
  });

/** Everything of this device: at signing out, and when somebody asks to leave no trace. */
export async function wipeReports(store: ReportStore): Promise<void> {
  const names = Array.from(store.objectStoreNames);
  const transaction = store.transaction(names, "readwrite");
  await Promise.all(names.map((name) => transaction.objectStore(name).clear()));
  await transaction.done;
}

/** The photo store has the same shape as the inspectors'. A picture that was sent once and is chosen again is brought anew. */
export async function keepShot(store: ReportStore, shot: Shot): Promise<string> {
  const sha256 = await keepPhoto(store as unknown as Database, shot);
  const transaction = store.transaction("photos", "readwrite");
  const photo = await transaction.store.get(sha256);
  if (photo && !photo.blob) await transaction.store.put({ ...photo, blob: shot.blob, state: "kept", url: null, offset: 0, file: undefined, kept_at: new Date().toISOString() });
  await transaction.done;
  return sha256;
}

/** Somebody wrote or took something; that the phone found its position by itself is nothing to keep. */
export const hasContent = (draft: Draft): boolean => Boolean(draft.photos.length || draft.words.trim() || draft.address.trim());

/** What is missing before it can be sent: something to see or read, and somewhere to go. */
export function missingIn(draft: Draft): ("what" | "where")[] {
  const missing: ("what" | "where")[] = [];
  if (!draft.photos.length && cleanText(draft.words).length < 2) missing.push("what");
  if (!draft.spot && !draft.address.trim() && !draft.region) missing.push("where");
  return missing;
}

const WRITTEN = "report";
export async function writtenDraft(store: ReportStore): Promise<Draft | null> {
  const kept = await store.get("drafts", WRITTEN);
  return kept ? { ...emptyDraft(), ...kept } : null; // an older version of the app knew fewer fields
}

export async function keepDraft(store: ReportStore, draft: Draft): Promise<void> {
  if (hasContent(draft)) await store.put("drafts", draft, WRITTEN);
  else await store.delete("drafts", WRITTEN);
}

export async function dropDraft(store: ReportStore): Promise<void> {
  const gone = (await store.get("drafts", WRITTEN))?.photos;
  await store.delete("drafts", WRITTEN);
  await tidy(store, gone);
}

export async function allLetters(store: ReportStore): Promise<Letter[]> {
  return (await store.getAll("letters")).sort((one, other) => one.at.localeCompare(other.at) || one.id.localeCompare(other.id));
}

const blank = { state: "queued" as const, person: "", sealed: false, tries: 0, detail: "", code: "", errors: [], report: null, claim: "" };

export function reportData(draft: Draft, now: Date): Omit<ReportData, "photos"> {
  const { spot } = draft;
  return {
    id: draft.id,
    words: cleanText(draft.words),
    ...(spot ? { lon: spot.lon, lat: spot.lat, crs: spot.system, ...(spot.accuracy_m === null ? {} : { accuracy_m: spot.accuracy_m }) } : {}),
    ...(draft.address.trim() ? { address: cleanText(draft.address).replace(/\n/g, " ") } : {}),
    // A point is surer than the place somebody chose by its name before.
    ...(draft.region && !spot ? { region: draft.region } : {}),
    ...(draft.category ? { category: draft.category } : {}),
    ...(draft.unit ? { wished_unit: draft.unit } : {}),
    ...alongside(draft),
    anonymous: draft.anonymous,
    client_at: now.toISOString(),
    channel: "web",
  };
}

/** Sends the draft off: out of the draft and into the letters in one transaction, so that a killed app has it in exactly one place. */
export async function sendOff(store: ReportStore, draft: Draft, now: Date = new Date()): Promise<Letter> {
  const data = { ...reportData(draft, now) } as Record<string, unknown>;
  const letter: Letter = { ...blank, id: draft.id, kind: "report", target: null, data, written: draft, photos: [...draft.photos], anonymous: draft.anonymous, at: now.toISOString() };
  const transaction = store.transaction(["drafts", "letters"], "readwrite");
  await transaction.objectStore("letters").put(letter);
  await transaction.objectStore("drafts").delete(WRITTEN);
  await transaction.done;
  return letter;
}

export async function sendWord(store: ReportStore, kind: "join" | "contest", target: Target, words: string, photos: string[], now: Date = new Date()): Promise<Letter> {
  const letter: Letter = { ...blank, id: newId(now.getTime()), kind, target, data: { words: cleanText(words) }, written: null, photos: [...photos], anonymous: Boolean(target.code), at: now.toISOString() };
  await store.add("letters", letter);
  return letter;
}

/** A refused report goes back to be written on; nothing of it was kept by the server. */
export async function backToDraft(store: ReportStore, id: Id): Promise<Draft | null> {
  const transaction = store.transaction(["drafts", "letters"], "readwrite");
  const letter = await transaction.objectStore("letters").get(id);
  if (!letter?.written || letter.state !== "rejected") return null;
  const draft: Draft = { ...emptyDraft(), ...letter.written };
  await transaction.objectStore("drafts").put(draft, WRITTEN);
  await transaction.objectStore("letters").delete(id);
  await transaction.done;
  return draft;
}

export async function dropLetter(store: ReportStore, id: Id): Promise<void> {
  const gone = (await store.get("letters", id))?.photos;
  await store.delete("letters", id);
  await tidy(store, gone);
}

/**
 * Photos that neither a draft nor a letter needs any more; of what arrived the small picture stays for some weeks. What came in since
 * yesterday is left alone unless it is among the `gone`: a form that is still open may be about to name it.
 */
export async function tidy(store: ReportStore, gone: string[] = [], now: number = Date.now()): Promise<void> {
  const transaction = store.transaction(["drafts", "letters", "photos"], "readwrite");
  const all = await transaction.objectStore("letters").getAll();
  const old = all.filter((one) => one.state === "sent" && Date.parse(one.at) < now - SENT_DAYS * DAY_MS);
  for (const one of old) await transaction.objectStore("letters").delete(one.id);
  const letters = all.filter((one) => !old.includes(one));
  const waiting = new Set([...(await transaction.objectStore("drafts").getAll()).flatMap((one) => one.photos), ...letters.filter((one) => one.state !== "sent").flatMap((one) => one.photos)]);
  const sent = new Set(letters.flatMap((one) => one.photos));
  const photos = transaction.objectStore("photos");
  for (const photo of await photos.getAll()) {
    const fresh = Date.parse(photo.kept_at ?? "") > now - DAY_MS;
    if (waiting.has(photo.sha256)) continue;
    if (sent.has(photo.sha256)) {
      if (photo.blob && photo.state === "uploaded") await photos.put({ ...photo, blob: null });
    } else if (!fresh || gone.includes(photo.sha256)) await photos.delete(photo.sha256);
  }
  await transaction.done;
}
