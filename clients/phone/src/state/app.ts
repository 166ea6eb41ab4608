// The one state of the app: who we are, what was downloaded, what waits. Screens read it; `act` and the engine change it.
import { reactive, shallowReactive } from "vue";
import {
  allCommands,
  Api,
  cachedClauses,
  cachedDay,
  Engine,
  enqueue,
  firstDay,
  getMeta,
  NoAnswer,
  openFor,
  Pulse,
  revise,
  SignInNeeded,
  UNSENT,
  wipeStore,
  type Act,
  type Clause,
  type Command,
  type Database,
  type Day,
  type Outcome,
  type Photo,
} from "@anlan/core";
import { settings } from "./settings";

export type Phase = "opening" | "insecure" | "no_network" | "ready" | "broken";

interface State {
  phase: Phase;
  day: Day | null;
  clauses: Clause[];
  commands: Command[];
  photos: Map<string, Photo>;
  outcome: Outcome | "";
  syncing: boolean;
  online: boolean;
  synced_at: string | null;
  clock_ms: number;
  trouble: string;
  /** Something could not be written down: the one thing that must never pass unseen. */
  failure: string;
}

// Shallow: what lies in it is replaced, never changed in place, and a day of three hundred items is not worth three thousand proxies.
export const app = shallowReactive<State>({
  phase: "opening",
  day: null,
  clauses: [],
  commands: [],
  photos: new Map(),
  outcome: "",
  syncing: false,
  online: navigator.onLine,
  synced_at: null,
  clock_ms: 0,
  trouble: "",
  failure: "",
});

export function fail(error: unknown): void {
  app.failure = error instanceof Error ? error.message : String(error);
  console.error(error);
}

export const api = new Api();
let database: Database | null = null;
let engine: Engine | null = null;
let pulse: Pulse | null = null;
let soon: ReturnType<typeof setTimeout> | undefined;

export function store(): Database {
  if (!database) throw new Error("the store is not open yet");
  return database;
}

const goSignIn = (): void => {
  sessionStorage.setItem("anlan:phone:back", location.pathname);
  location.assign(`/sign-in/?next=${encodeURIComponent("/phone/")}`);
};
export const signIn = goSignIn;

/** Opens the last person's store at once, without waiting for any network; only a phone without one must ask. */
export async function open(): Promise<void> {
  if (!window.isSecureContext || !("indexedDB" in window)) {
    app.phase = "insecure";
    return;
  }
  addEventListener("online", () => (app.online = true));
  addEventListener("offline", () => (app.online = false));
  const person = settings.person;
  if (person) {
    database = await openFor(person);
    await reload(true);
    if (app.day) return begin(person);
  }
  await first();
}

export async function first(): Promise<void> {
  try {
    const opened = await firstDay(api);
    database?.close();
    database = opened.database;
    settings.person = opened.day.actor.person;
    settings.name = opened.day.actor.name;
    await reload(true);
    begin(opened.day.actor.person);
  } catch (error) {
    if (error instanceof SignInNeeded) goSignIn();
    else if (error instanceof NoAnswer) app.phase = "no_network";
    else {
      app.phase = "broken";
      app.trouble = error instanceof Error ? error.message : String(error);
    }
  }
}

function begin(person: string): void {
  engine = new Engine(store(), api, person, { changed: () => void refresh() });
  pulse?.stop();
  pulse = new Pulse(engine, {
    began: () => (app.syncing = true),
    outcome: (outcome) => {
      app.outcome = outcome;
      app.syncing = false;
      void reload(true);
    },
  });
  app.phase = "ready";
  pulse.start();
}

let reading: Promise<void> | null = null;
/** At most one reading at a time: an upload tells of every piece. */
async function refresh(): Promise<void> {
  reading ??= new Promise((resolve) => setTimeout(resolve, 120)).then(async () => {
    reading = null;
    await reload(false);
  });
  return reading;
}

/** Reads what the screens show from the store. */
export async function reload(whole: boolean): Promise<void> {
  const db = store();
  app.commands = await allCommands(db);
  app.photos = new Map((await db.getAll("photos")).map((one) => [one.sha256, one]));
  app.day = await cachedDay(db);
  if (whole || !app.clauses.length) app.clauses = await cachedClauses(db);
  app.synced_at = await getMeta(db, "synced_at");
  app.clock_ms = (await getMeta(db, "clock"))?.offset ?? 0;
}

/** Writes an act down, shows it, and sends it when there is a network. Never waits for the network. */
export async function act(what: Act, instead?: Command | null): Promise<void> {
  const revised = instead ? await revise(store(), instead.id, what.payload, what.photos ?? []) : false;
  if (!revised) await enqueue(store(), what);
  await reload(false);
  later();
}

/** Several taps in a row are one sending. */
export function later(): void {
  clearTimeout(soon);
  if (app.online) soon = setTimeout(() => void sync(), 2_500);
}

export async function sync(): Promise<Outcome | ""> {
  clearTimeout(soon);
  return (await pulse?.now()) ?? "";
}

/** Now by the server's clock, as far as this phone has measured it: what is written on a sheet must not follow a wrong watch. */
export const now = (at: number = Date.now()): string => new Date(at + app.clock_ms).toISOString();

export const unsent = (): Command[] => app.commands.filter((one) => UNSENT.has(one.state));

/** Somebody else signed in on this phone: their store is another one; what is unsent here stays for its owner. */
export async function becomeSignedIn(): Promise<void> {
  pulse?.stop();
  app.outcome = "";
  await first();
}

/** Ends the session and empties this person's store. The caller has asked when something is unsent. */
export async function signOut(): Promise<void> {
  pulse?.stop();
  const person = settings.person;
  try {
    await new Api().call("/sign-out/", { method: "POST" }); // with a fresh token: this must not fail for an old one
  } catch (error) {
    // It is answered by a redirect to the sign-in page. Anything else: still signed in, so nothing is wiped.
    if (!(error instanceof SignInNeeded)) {
      pulse?.start();
      return fail(error);
    }
  }
  database?.close();
  database = null;
  if (person) await wipeStore(person);
  settings.person = settings.name = "";
  location.assign(`/sign-in/?next=${encodeURIComponent("/phone/")}`);
}

export const update = reactive({ ready: false, apply: (): void => undefined });
