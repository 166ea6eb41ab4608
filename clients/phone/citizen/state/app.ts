// The one state of the citizens' app. It opens from the store at once and asks the server beside; screens read it, verbs below change it.
import { reactive, shallowReactive, watch } from "vue";
import {
  allLetters,
  Api,
  CitizenApi,
  newId,
  NoAnswer,
  openReports,
  Pulse,
  Refused,
  Sender,
  SignInNeeded,
  URGENT_WORDS,
  wipeReports,
  type Citizen,
  type CitizenSettings,
  type Letter,
  type Outcome,
  type Photo,
  type ReportCard,
  type ReportFollow,
  type ReportStore,
  type UrgentGroup,
} from "@anlan/core";
import { settings } from "../../src/state/settings";
import { prove } from "../lib/proof";
import { claimed } from "./claimed";

export type Phase = "opening" | "insecure" | "ready";
/** The phone has no room; a part of the app did not come; anything else. */
export type Failure = "" | "full" | "part" | "other";

interface State {
  phase: Phase;
  facts: CitizenSettings;
  /** Null: not signed in. Undefined: not known, nobody has asked or the network has not said. */
  me: Citizen | null | undefined;
  letters: Letter[];
  photos: Map<string, Photo>;
  cards: ReportCard[] | null;
  /** Where the list goes on; null at its end. */
  older: string | null;
  hasDraft: boolean;
  outcome: Outcome | "";
  sending: boolean;
  online: boolean;
  /** Something went wrong that no screen told of: that must never pass unseen. */
  failure: Failure;
}

/** Until the server was heard: enough to write a report and to call for help. */
const FACTS: CitizenSettings = {
  city: "",
  region: 0,
  urgent_numbers: ["119", "120", "12350"],
  urgent_words: [],
  anonymous_allowed: false,
  real_name_needed: false,
  wechat: false,
  categories: [],
  photos_max: 9,
  video_max_mb: 20,
  proof: null,
};

export const app = shallowReactive<State>({
  phase: "opening",
  facts: FACTS,
  me: undefined,
  letters: [],
  photos: new Map(),
  cards: null,
  older: null,
  hasDraft: false,
  outcome: "",
  sending: false,
  online: navigator.onLine,
  failure: "",
});

/** For its person in their words; for us, whole. */
export function fail(error: unknown): void {
  const words = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  app.failure = /Quota/i.test(words) ? "full" : /dynamically imported|module script|preload/i.test(words) ? "part" : "other";
  console.error(error);
}

const DEVICE = "anlan:report:device";
/** Says that tries come from one phone, never whose it is: the server keeps a day's keyed digest of it. */
function device(): string {
  const kept = localStorage.getItem(DEVICE);
  if (kept) return kept;
  const made = newId();
  localStorage.setItem(DEVICE, made);
  return made;
}

const language = (): string => (settings.language === "zh" ? "zh-hans" : "en");
export const api = new Api({ token: "/report/token", language, patience_ms: 45_000 });
export const citizen = new CitizenApi(api, { device, prove });

let database: ReportStore | null = null;
let pulse: Pulse | null = null;
export function store(): ReportStore {
  if (!database) throw new Error("the store is not open yet");
  return database;
}

/** The city's words first; those of this app stand in until they came. */
export const urgentWords = (): readonly UrgentGroup[] => (app.facts.urgent_words?.length ? app.facts.urgent_words : URGENT_WORDS);

export async function open(): Promise<void> {
  if (!window.isSecureContext || !("indexedDB" in window)) {
    app.phase = "insecure";
    return;
  }
  addEventListener("online", () => ((app.online = true), void refresh()));
  addEventListener("offline", () => (app.online = false));
  document.addEventListener("visibilitychange", again);
  try {
    database = await openReports();
  } catch (error) {
    console.error(error);
    app.phase = "insecure"; // a private window, or a phone without any room: nothing could be kept here
    return;
  }
  app.facts = { ...FACTS, ...((await database.get("cached", "facts")) as CitizenSettings | undefined) };
  app.cards = ((await database.get("cached", "cards")) as ReportCard[] | undefined) ?? null;
  app.me = (await database.get("cached", "me")) as Citizen | undefined;
  await reload();
  const sender = new Sender(database, api, citizen, { changed: () => void soon(), guest: becomeGuest });
  pulse = new Pulse(sender, {
    began: () => (app.sending = true),
    outcome: (outcome) => {
      app.outcome = outcome;
      app.sending = false;
      void reload().then(() => (sentSince() ? refresh() : undefined));
    },
  });
  app.phase = "ready";
  void refresh();
  pulse.start();
  // What is chosen here is the account's too, so that messages come in that language and the next phone begins with it.
  watch(
    () => [settings.language, settings.large] as const,
    ([, large_type]) => void (app.me && !app.me.guest && app.online && citizen.change({ language: language(), large_type }).catch(() => undefined)),
  );
}

const STALE_MS = 60_000;
let asked = 0;
/** Whoever takes the phone out again wants to know how it stands now. */
function again(): void {
  if (document.visibilityState === "visible" && app.phase === "ready" && Date.now() - asked > STALE_MS) void refresh();
}

let reading: Promise<void> | null = null;
/** At most one reading at a time: an upload tells of every piece. */
async function soon(): Promise<void> {
  reading ??= new Promise((resolve) => setTimeout(resolve, 120)).then(async () => {
    reading = null;
    await reload();
  });
  return reading;
}

export async function reload(): Promise<void> {
  app.letters = await allLetters(store());
  app.photos = new Map((await store().getAll("photos")).map((one) => [one.sha256, one]));
  app.hasDraft = (await store().count("drafts")) > 0;
}

let sentBefore = 0;
function sentSince(): boolean {
  const sent = app.letters.filter((one) => one.state === "sent").length;
  const grew = sent > sentBefore;
  sentBefore = sent;
  return grew;
}

/** What the server says of the city, of us and of our reports. Silence changes nothing. */
export async function refresh(): Promise<void> {
  asked = Date.now();
  // Whoever was never signed in here is not asked about: most who look in never are.
  await Promise.all([loadFacts(), app.me === undefined ? undefined : loadMe()]);
  if (app.me && !app.me.guest) await loadCards();
}

async function quietly<Value>(asking: Promise<Value>): Promise<Value | undefined> {
  return asking.catch((error: unknown) => {
    if (error instanceof Refused || error instanceof SignInNeeded) console.info(error.message);
    return undefined;
  });
}

export async function loadFacts(): Promise<void> {
  const facts = await quietly(citizen.settings());
  if (!facts) return;
  app.facts = { ...FACTS, ...facts };
  await store().put("cached", facts, "facts");
}

/** For what depends on who we are. */
export async function knowMe(): Promise<void> {
  if (app.me === undefined) await loadMe();
}

export async function loadMe(): Promise<void> {
  try {
    await become(await citizen.me());
  } catch (error) {
    // An office's session is none of a citizen's.
    if (error instanceof SignInNeeded || (error instanceof Refused && error.status === 403)) await become(null);
    else if (!(error instanceof NoAnswer)) throw error;
  }
}

async function become(me: Citizen | null): Promise<void> {
  const another = app.me && me && app.me.id !== me.id;
  app.me = me;
  if (me) await store().put("cached", me, "me");
  else await store().delete("cached", "me");
  if (!me || another) {
    app.cards = app.older = null;
    await store().delete("cached", "cards");
    await keepFollowed([]);
  }
}

export async function loadCards(): Promise<void> {
  const page = await quietly(citizen.reports());
  if (!page) return;
  [app.cards, app.older] = [page.items, page.next];
  await store().put("cached", page.items, "cards");
  await keepFollowed(page.items.map((one) => one.id));
}

const followed = (id: string): string => `report ${id}`;
/** What was read of a report last, for times without a network. */
export const lastSeen = async (id: string): Promise<ReportFollow | null> => ((await store().get("cached", followed(id))) as ReportFollow | undefined) ?? null;
export const keepSeen = (report: ReportFollow): Promise<unknown> => store().put("cached", JSON.parse(JSON.stringify(report)), followed(report.id));

async function keepFollowed(ids: string[]): Promise<void> {
  const wanted = new Set(ids.map(followed));
  for (const key of await store().getAllKeys("cached")) if (key.startsWith(followed("")) && !wanted.has(key)) await store().delete("cached", key);
}

export async function becomeGuest(): Promise<Citizen> {
  const { person } = await citizen.guest();
  api.forgetToken();
  await become(person);
  return person;
}

export async function signedIn(person: Citizen): Promise<void> {
  api.forgetToken();
  await become(person);
  if (person.large_type && !settings.large) settings.large = true;
  void loadCards();
  void send();
}

export async function signOut(): Promise<void> {
  await citizen.signOut();
  await leave();
}

export async function closeAccount(): Promise<void> {
  await citizen.close();
  await leave();
}

async function leave(): Promise<void> {
  api.forgetToken();
  [claimed.code, claimed.report] = ["", null];
  await wipeReports(store());
  await become(null);
  await reload();
}

export const unsent = (): Letter[] => app.letters.filter((one) => one.state !== "sent");

/** Now, not when the clock comes round. */
export async function send(): Promise<Outcome | ""> {
  void navigator.storage?.persist?.().catch(() => false); // what waits here must not be cleared away for want of room
  await reload();
  return (await pulse?.now()) ?? "";
}

/** The sign-in sheet: whoever needs somebody signed in asks here and is told whether it came to that. */
export const door = reactive({ open: false, anonymous: false, answer: (_came: boolean): void => undefined });
export function askSignIn(anonymous: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    door.anonymous = anonymous && app.facts.anonymous_allowed;
    door.answer = (came) => {
      door.open = false;
      resolve(came);
    };
    door.open = true;
  });
}

export const update = reactive({ ready: false, apply: (): void => undefined });
