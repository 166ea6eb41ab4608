// What was sent off and is not there yet. A letter leaves by the server's answer or by its writer's word; a retry is the same report.
import { NoAnswer, Refused } from "@anlan/core/api";
import { base64Of } from "@anlan/core/bytes";
import { Wait, type Submitted } from "@anlan/core/citizen";
import { rise } from "@anlan/core/pieces";
import { sha256 } from "@anlan/core/sha256";
import type { FieldError } from "@anlan/core/types";
import { dropPictures, forgetDraft, keepDraft, reportData, type Draft, type Picture } from "./draft";
import { readPiece, sweepFiles } from "./files";
import { forget, keep, kept } from "./kept";
import { isConnected, onNetwork } from "./net";
import { account, api, citizen, isSignedOut, setAccount } from "./server";
import { ensure } from "./session";

export type LetterState = "waiting" | "sending" | "refused" | "sent";

export interface Letter {
  id: string;
  draft: Draft;
  at: string;
  state: LetterState;
  /** Under whose account it was first handed over: never again under another's, as that would be a second report. */
  person: string;
  tries: number;
  detail: string;
  errors: FieldError[];
  number: string;
  claim: string;
  urgent: string;
}

const CHUNK = 512 * 1024;
const BACKOFF_MS = [5_000, 15_000, 45_000, 120_000];
const INDEX = "letters";
const checksum = (piece: Uint8Array): Promise<string> => Promise.resolve(base64Of(sha256(piece)));
const keyOf = (id: string): string => `letter.${id}`;

const heard = new Set<() => void>();
const tell = (): void => heard.forEach((hear) => hear());
export function onLetters(hear: () => void): () => void {
  heard.add(hear);
  return () => heard.delete(hear);
}

export const letters = (): Letter[] =>
  kept<string[]>(INDEX, [])
    .map((id) => kept<Letter | null>(keyOf(id), null))
    .filter((one): one is Letter => one !== null);

export const letterOf = (id: string): Letter | null => kept<Letter | null>(keyOf(id), null);
export const unsent = (): Letter[] => letters().filter((one) => one.state !== "sent");

function write(letter: Letter): void {
  keep(keyOf(letter.id), letter);
  const index = kept<string[]>(INDEX, []);
  if (!index.includes(letter.id)) keep(INDEX, [letter.id, ...index]);
  tell();
}

function remove(id: string): void {
  keep(
    INDEX,
    kept<string[]>(INDEX, []).filter((one) => one !== id),
  );
  forget(keyOf(id));
  tell();
}

/** First among the letters, then out of the draft: killed in between it is in both, under one id, and is sent once. */
export function sendOff(draft: Draft, now: Date = new Date()): Letter {
  const letter: Letter = { id: draft.id, draft, at: now.toISOString(), state: "waiting", person: "", tries: 0, detail: "", errors: [], number: "", claim: "", urgent: "" };
  write(letter);
  forgetDraft();
  return letter;
}

/** A refused one is written on again; nothing of it was taken. */
export function backToDraft(id: string): Draft | null {
  const letter = letterOf(id);
  if (letter?.state !== "refused") return null;
  keepDraft(letter.draft);
  remove(id);
  return letter.draft;
}

export function dropLetter(id: string): void {
  const letter = letterOf(id);
  if (!letter || letter.state === "sending") return;
  dropPictures(letter.draft.pictures);
  remove(id);
}

export type Outcome = "done" | "offline" | "refused" | "sign_in";
let running: Promise<Outcome> | null = null;
let failures = 0;
let notBefore = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Sends what waits. Called while it runs, it answers with that run. */
export function pump(): Promise<Outcome> {
  running ??= run().finally(() => {
    running = null;
    tell();
  });
  return running;
}

async function run(): Promise<Outcome> {
  clearTimeout(timer);
  let outcome: Outcome = "done";
  for (const { id } of unsent().filter((one) => one.state !== "refused")) {
    const letter = letterOf(id);
    if (!letter) continue; // given up meanwhile
    const one = Date.now() < notBefore ? "offline" : await sendOne(letter);
    if (one !== "done") outcome = one;
    if (one === "offline") break; // the next one would fare no better
  }
  failures = outcome === "offline" ? failures + 1 : 0;
  if (outcome === "offline") {
    const told = notBefore - Date.now();
    timer = setTimeout(() => void pump(), told > 0 ? told : BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1]);
  }
  return outcome;
}

async function sendOne(letter: Letter): Promise<Outcome> {
  const { anonymous } = letter.draft;
  try {
    await ensure(anonymous);
    try {
      await hand(letter);
    } catch (trouble) {
      if (!isSignedOut(trouble)) throw trouble;
      setAccount(null);
      await ensure(anonymous);
      await hand(letter);
    }
    return "done";
  } catch (trouble) {
    if (trouble instanceof Wait) notBefore = Date.now() + trouble.seconds * 1000;
    if (trouble instanceof Refused || trouble instanceof Other) {
      const refused = trouble instanceof Refused ? trouble : null;
      write({ ...letter, state: "refused", detail: refused?.detail || refused?.code || "other", errors: refused?.errors ?? [] });
      return "refused";
    }
    write({ ...letter, state: "waiting", detail: trouble instanceof Wait ? trouble.message : "" });
    return isSignedOut(trouble) ? "sign_in" : "offline"; // WeChat's own refusal to sign in is as good as no network
  }
}

class Other extends Error {}

async function hand(letter: Letter): Promise<void> {
  const person = account()?.person.id ?? "";
  if (letter.person && letter.person !== person && !letter.draft.anonymous) throw new Other();
  Object.assign(letter, { state: "sending", tries: letter.tries + 1, detail: "", errors: [] });
  write(letter);
  let answer: Submitted;
  try {
    answer = await submit(letter, person);
  } catch (trouble) {
    const lost = trouble instanceof Refused && trouble.errors.some((one) => one.field.startsWith("photos"));
    if (!lost || letter.draft.pictures.some((one) => one.state === "refused")) throw trouble;
    // The server no longer has them: bring them once more.
    letter.draft.pictures.forEach((one) => Object.assign(one, { state: "kept", url: null, offset: 0, file: undefined }));
    answer = await submit(letter, person);
  }
  dropPictures(letter.draft.pictures); // they are the server's now
  const urgent = answer.urgent?.word ?? "";
  write({ ...letter, state: "sent", draft: { ...letter.draft, pictures: [], joint: [], employer: null }, number: answer.report.number, claim: answer.claim_code ?? "", urgent });
  if (answer.claim_code) rememberCode(answer.claim_code, answer.report.number, letter.at);
}

async function submit(letter: Letter, person: string): Promise<Submitted> {
  const photos = await bring(letter.draft.pictures, person, () => write(letter));
  letter.person = person; // from here on it may be done
  write(letter);
  return citizen.submit(reportData(letter.draft, letter.at, photos));
}

/** All of them on the server, each resumed where it broke off; how the server calls them. */
export async function bring(pictures: Picture[], person: string, wrote: () => void): Promise<string[]> {
  for (const picture of pictures) {
    const strange = picture.owner !== person || (picture.state === "uploaded" && !picture.file);
    if (strange) Object.assign(picture, { owner: person, state: "kept", url: null, offset: 0, file: undefined });
    if (picture.state === "uploading") picture.state = "kept"; // killed in the middle: ask where we are
    if (picture.state === "uploaded") continue;
    try {
      await rise(api, picture, { read: (from, to) => readPiece(picture.path, from, Math.min(to, picture.size)), keep: wrote, chunk: CHUNK, checksum });
    } catch (trouble) {
      if (picture.state === "refused") throw new Refused(422, "photo", picture.detail, [{ field: "photos", message: picture.detail }]);
      throw trouble;
    }
  }
  return pictures.map(({ file }) => {
    if (!file) throw new NoAnswer("no file"); // a door that does not say what it took in
    return file;
  });
}

export interface KnownCode {
  code: string;
  number: string;
  at: string;
}

const CODES = "codes";
export const knownCodes = (): KnownCode[] => kept<KnownCode[]>(CODES, []);
export const forgetCode = (code: string): void => keep(CODES, knownCodes().filter((one) => one.code !== code));
export function rememberCode(code: string, number: string, at: string): void {
  keep(CODES, [{ code, number, at }, ...knownCodes().filter((one) => one.code !== code)].slice(0, 50));
}

/** From the app's start on: sends whenever there is a network, and clears away what a killed app left. */
export function watchLetters(draft: Draft | null): void {
  onNetwork((connected) => {
    if (!connected) return;
    failures = 0;
    void pump();
  });
  for (const one of letters()) if (one.state === "sent") remove(one.id); // the server shows it now
  const known = [...(draft?.pictures ?? []), ...letters().flatMap((one) => one.draft.pictures)].flatMap((one) => [one.path, one.cover]);
  void sweepFiles(new Set(known));
  if (isConnected()) void pump();
}

export const isNoAnswer = (trouble: unknown): boolean => trouble instanceof NoAnswer;
