// What a citizen's app and the server say to each other, below /api/v1/citizen. No browser in it: the mini-program speaks the same.
import { cleanLine } from "./text";
import type { FieldError, Id, Iso } from "./types";
import type { UrgentGroup } from "./urgent";

export interface CategoryFacts {
  code: string;
  name: string;
  hint: string;
  icon: string;
}

export interface Proof {
  salt: string;
  bits: number;
}

export interface CitizenSettings {
  city: string;
  region: number;
  urgent_numbers: string[];
  /** Words that mean danger to life now, as the server itself reads them. */
  urgent_words?: UrgentGroup[];
  anonymous_allowed: boolean;
  real_name_needed: boolean;
  wechat: boolean;
  categories: CategoryFacts[];
  photos_max: number;
  video_max_mb: number;
  proof: Proof | null;
}

export interface Citizen {
  id: Id;
  name: string;
  /** Masked: what is shown is all that the phone ever knows of it. */
  phone: string;
  guest: boolean;
  /** A real name was given; `verified`: somebody vouched for it. */
  named?: boolean;
  verified: boolean;
  wechat?: boolean;
  large_type: boolean;
  language: string;
}

export type ReportState = "submitted" | "screened" | "dispatched" | "returned" | "verified" | "handled" | "reviewed" | "answered";
export type ReportOutcome = "" | "verified" | "unfounded" | "duplicate" | "declined";

export interface ReportCard {
  id: Id;
  number: string;
  words: string;
  place: string;
  state: ReportState;
  state_label: string;
  outcome: ReportOutcome;
  outcome_label: string;
  reported_at: Iso;
  photo: string | null;
  category: { code: string; name: string } | null;
  due_on: string | null;
  late: boolean;
  answer: string;
  satisfied: boolean | null;
  unread: boolean;
}

export interface FollowPhoto {
  id: Id;
  kind: "photo" | "video";
  /** waiting: its pictures are being prepared, ask again; flawed: it could not be opened. */
  state: "drawn" | "waiting" | "flawed" | "film";
  thumb: string | null;
  display: string;
  phase: "report" | "check" | "after";
}

export interface TimelineEntry {
  at: Iso;
  label: string;
  words: string;
  tone: string;
}

export interface ReportFollow extends ReportCard {
  address: string;
  lon: number | string | null;
  lat: number | string | null;
  photos: FollowPhoto[];
  unit_name: string;
  reason: string;
  answered_at: Iso | null;
  may: { contest: boolean; rate: boolean; join: boolean };
  reward: { amount_fen: number; state: string; state_label: string } | null;
  timeline: TimelineEntry[];
}

export interface Near {
  /** By which it is joined; a visitor whom nobody knows is told of it without. */
  id: Id | null;
  number: string;
  words: string;
  place: string;
  distance_m: number | null;
  photo: string | null;
  state: ReportState;
  state_label: string;
  reported_at: Iso;
  likeness: number;
  /** One's own, or one joined already. */
  own?: boolean;
  joined?: number;
}

export interface PlaceFound {
  region: number;
  name: string;
  path: string;
  lon: number | string | null;
  lat: number | string | null;
}

export interface UnitFound {
  id: Id;
  name: string;
  why: string;
}

export interface EmployerFound {
  id: Id;
  name: string;
  place: string;
}

/** Who reports together with the sender; the sender stands first and is not among them. */
export interface Signatory {
  name: string;
  phone: string;
}
export const MOST_SIGNATORIES = 9;
export type Employer = Pick<EmployerFound, "id" | "name">;

/** What `submit` takes. `id` is made on the phone, so that a retry is the same report. */
export interface ReportData {
  id: Id;
  words: string;
  photos: string[];
  lon?: number;
  lat?: number;
  crs?: "wgs84" | "gcj02";
  accuracy_m?: number;
  address?: string;
  region?: number;
  category?: string;
  wished_unit?: Id;
  anonymous: boolean;
  client_at: Iso;
  channel: "web" | "miniprogram";
  joint?: Signatory[];
  employee_of?: Id;
}

/** Who signs along and where the sender works, as the server takes it. Who stays without a name signs with nobody and works nowhere. */
export function alongside({ anonymous, joint, employer }: { anonymous: boolean; joint: Signatory[]; employer: Employer | null }): Pick<ReportData, "joint" | "employee_of"> {
  if (anonymous) return {};
  const signing = joint.map(({ name, phone }) => ({ name: cleanLine(name), phone: cleanLine(phone) })).filter((one) => one.name);
  return { ...(signing.length ? { joint: signing.slice(0, MOST_SIGNATORIES) } : {}), ...(employer ? { employee_of: employer.id } : {}) };
}

export interface Submitted {
  report: ReportCard;
  claim_code: string | null;
  urgent: { word: string; numbers: string[] } | null;
}

export interface RewardFacts {
  id: Id;
  number: string;
  report_number: string;
  amount_fen: number;
  state: string;
  state_label: string;
  claim_by: string | null;
  way: string;
  paid_at: Iso | null;
  /** While a voucher was not cashed: what is shown at the counter. */
  voucher_code?: string | null;
  /** While a transfer waits for its receiver's word: for the mini-program. */
  package?: string | null;
}

export interface Claimed {
  reward: RewardFacts;
  package: unknown;
  voucher_code: string | null;
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export const OPEN_STATES: ReadonlySet<ReportState> = new Set(["submitted", "screened", "dispatched", "returned", "verified", "handled", "reviewed"]);

/** The way a report goes, as its reporter understands it: five stops, the inner ones told together. */
export const STOPS = ["received", "sent", "checked", "handled", "answered"] as const;
export type Stop = (typeof STOPS)[number];
const STOP_OF: Record<ReportState, number> = { submitted: 0, screened: 0, returned: 0, dispatched: 1, verified: 2, handled: 3, reviewed: 3, answered: 4 };
export const stopOf = (state: ReportState): number => STOP_OF[state] ?? 0;

const CODE = /[0-9A-HJKMNP-TV-Z]/;
export const CLAIM_LENGTH = 12;

/** What was typed or read aloud, as the code it means: O is 0, I and L are 1, and spaces say nothing. Groups of four. */
export function claimCode(typed: string): string {
  const plain = [...typed.normalize("NFKC").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1")].filter((one) => CODE.test(one)).join("");
  return plain.slice(0, CLAIM_LENGTH).replace(/(.{4})(?=.)/g, "$1-");
}

export const isClaimCode = (typed: string): boolean => claimCode(typed).replace(/-/g, "").length === CLAIM_LENGTH;

/** ¥ and two digits, as on a receipt. */
export const yuan = (fen: number): string => `¥${(fen / 100).toLocaleString("en-US", { minimumFractionDigits: fen % 100 ? 2 : 0, maximumFractionDigits: 2 })}`;

/** A mainland mobile number as people write it. */
export function mobile(typed: string): string {
  const digits = typed.normalize("NFKC").replace(/\D/g, "").replace(/^(0086|86)(?=1\d{10}$)/, "");
  return /^1[3-9]\d{9}$/.test(digits) ? digits : "";
}

export interface Send {
  method?: string;
  json?: unknown;
  headers?: Record<string, string>;
  takes?: number[];
}

/** Anything that can ask the server: fetch with a session here, wx.request with a token there. */
export interface Asker {
  call<Body = unknown>(path: string, call?: Send): Promise<{ status: number; headers: { get(name: string): string | null }; body: Body }>;
}

export const CITIZEN = "/api/v1/citizen";

const query = (facts: Record<string, string | number | undefined>): string =>
  Object.entries(facts)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join("&");

/** Too many tries for now, with the seconds to wait. */
export class Wait extends Error {
  constructor(
    readonly seconds: number,
    detail: string,
  ) {
    super(detail);
  }
}

interface ProblemBody {
  code?: string;
  detail?: string;
  errors?: FieldError[];
}

export interface KeptCode {
  number: string;
  code: string;
}

export interface CitizenOptions {
  /** A number this device made for itself once: whoever shares an address is not mistaken for a flood. */
  device?: () => string;
  /** Solves the server's riddle, where somebody must show that it is no flood. */
  prove?: (proof: Proof) => Promise<string>;
}

const WAIT_S = 60;

export class CitizenApi {
  constructor(
    readonly api: Asker,
    private readonly options: CitizenOptions = {},
  ) {}

  protected headers(more: Record<string, string>): Record<string, string> {
    const device = this.options.device?.();
    return device ? { "X-Device": device, ...more } : more;
  }

  protected async get<Body>(path: string, facts: Record<string, string | number | undefined> = {}): Promise<Body> {
    const asked = query(facts);
    return (await this.api.call<Body>(`${CITIZEN}/${path}${asked ? `?${asked}` : ""}`, { headers: this.headers({}) })).body;
  }

  /** `key` makes a retry harmless where the body carries no id of its own. */
  protected async post<Body>(path: string, json: unknown = {}, key = "", method = "POST", proof = ""): Promise<Body> {
    const headers = this.headers({ ...(key ? { "Idempotency-Key": key } : {}), ...(proof ? { "X-Proof": proof } : {}) });
    const answer = await this.api.call<Body>(`${CITIZEN}/${path}`, { method, json, headers, takes: [429] });
    if (answer.status !== 429) return answer.body;
    const problem = answer.body as ProblemBody | null;
    if (problem?.code === "rate.proof_needed" && !proof) return this.post(path, json, key, method, await this.proof());
    throw new Wait(Number(answer.headers.get("Retry-After")) || WAIT_S, problem?.detail ?? "");
  }

  /** A fresh riddle each time: one answer opens one door once. */
  protected async proof(): Promise<string> {
    const { proof } = await this.settings();
    if (!proof || !this.options.prove) throw new Wait(WAIT_S, "");
    return this.options.prove(proof);
  }

  settings = (): Promise<CitizenSettings> => this.get("settings");
  me = (): Promise<Citizen> => this.get("me");
  change = (facts: Partial<Pick<Citizen, "name" | "language" | "large_type">>): Promise<Citizen> => this.post("me", facts, "", "PATCH");

  code = (phone: string): Promise<{ wait_seconds: number; valid_seconds: number }> => this.post("codes", { phone });
  signIn = (phone: string, code: string): Promise<{ person: Citizen }> => this.post("sign-in", { phone, code });
  guest = async (): Promise<{ person: Citizen }> => this.post("guest", { proof: await this.proof() });
  signOut = (): Promise<unknown> => this.post("sign-out");
  realName = (name: string, id_number: string): Promise<Citizen> => this.post("me/real-name", { name, id_number });
  /** The codes by which what is still owed is opened from now on; they are told once. */
  close = async (): Promise<KeptCode[]> => (await this.post<{ codes: KeptCode[] } | null | undefined>("me", {}, "", "DELETE"))?.codes ?? [];

  near = (facts: { lon?: number; lat?: number; crs?: string; words?: string; category?: string; photos?: string[]; region?: number }): Promise<{ items: Near[]; /** Asked again soon, more may be found: a picture is being prepared. */ waiting?: boolean }> => this.post("near", facts);
  places = (words: string): Promise<{ items: PlaceFound[] }> => this.get("places", { words });
  employers = (words: string): Promise<{ items: EmployerFound[] }> => this.get("employers", { words });
  units = (facts: { region?: number; category?: string; lon?: number; lat?: number }): Promise<{ items: UnitFound[] }> => this.get("units", facts);

  reports = (cursor?: string): Promise<Page<ReportCard>> => this.get("reports", { cursor });
  report = (id: Id): Promise<ReportFollow> => this.get(`reports/${id}`);
  /** The report's own id makes it idempotent; a key beside it would only keep its answer, which may hold a claim code. */
  submit = (data: ReportData): Promise<Submitted> => this.post("reports", data);
  join = (id: Id, data: { words?: string; photos?: string[] }, key: string): Promise<unknown> => this.post(`reports/${id}/join`, data, key);
  contest = (id: Id, data: { words: string; photos?: string[] }, key: string): Promise<unknown> => this.post(`reports/${id}/contest`, data, key);
  rate = (id: Id, data: { satisfied: boolean; words?: string }, key: string): Promise<unknown> => this.post(`reports/${id}/rate`, data, key);

  byCode = (code: string): Promise<ReportFollow> => this.post("claims", { code });
  contestByCode = (code: string, data: { words: string; photos?: string[] }, key: string): Promise<unknown> => this.post("claims/contest", { code, ...data }, key);
  rateByCode = (code: string, data: { satisfied: boolean; words?: string }, key: string): Promise<unknown> => this.post("claims/rate", { code, ...data }, key);

  rewards = (): Promise<{ items: RewardFacts[] }> => this.get("rewards");
  rewardsByCode = (code: string): Promise<{ items: RewardFacts[] }> => this.post("claims/rewards", { code });
  claim = (id: Id, way: "wechat" | "voucher", openid?: string): Promise<Claimed> => this.post(`rewards/${id}/claim`, { way, ...(openid ? { openid } : {}) });
  claimByCode = (code: string, reward: Id, way: "wechat" | "voucher", openid?: string): Promise<Claimed> => this.post("claims/rewards/claim", { code, reward, way, ...(openid ? { openid } : {}) });
}
