// What the server's /api/v1/field and /api/v1/sync say and hear. One place, so that a change of the contract is one diff.

export type Iso = string;
export type Id = string;

export interface Actor {
  person: Id;
  post: Id;
  name: string;
  role: string;
  region: number;
  post_label: string;
  enterprises: Id[];
}

export type AnswerValue = "yes" | "no" | "na" | "unseen";

export interface Item {
  id: Id;
  code: string;
  group: string;
  text: string;
  method: string;
  evidence_asked: string;
  basis: string;
  weight: number;
  category: string;
  major_clause: Id | null;
  checklist: string;
}

export interface Answer {
  value: AnswerValue;
  remark: string;
  files: string[];
}

export interface Finding {
  id: Id;
  item?: Id | null;
  risk_point?: Id | null;
  place: string;
  category: string;
  description: string;
  clause?: Id | null;
  major: boolean;
  lon?: number | null;
  lat?: number | null;
  system?: string | null;
  found_at?: Iso;
  withdrawn?: string;
  hazard_number?: string;
  files?: string[];
}

export type OnSiteKind = "evacuate" | "stop_use" | "stop_work" | "training" | "other";

export interface OnSite {
  id: Id;
  kind: OnSiteKind;
  words: string;
  people?: number | null;
  until?: string | null;
  finding?: Id | null;
}

export type Party = "officer" | "enterprise" | "expert" | "witness";

export interface Signature {
  party: Party;
  name: string;
  refused: boolean;
  title?: string;
  reason?: string;
  witnesses?: string;
  /** The file of the drawing. */
  drawing?: Id | null;
}

export interface OpenHazard {
  id: Id;
  number: string;
  place: string;
  description: string;
  state: string;
  state_label: string;
  grade: string;
  due_on: string | null;
  late: boolean;
  recurrence: number;
  photo: string | null;
}

export interface RiskPoint {
  id: Id;
  name: string;
  colour: "red" | "orange" | "yellow" | "blue" | "";
  place: string;
}

export interface Place {
  id: Id;
  name: string;
  address: string;
  lon: number | null;
  lat: number | null;
}

export interface Enterprise extends Place {
  uscc: string;
  principal_name: string;
  principal_phone: string;
  industry: string;
  industry_name: string;
  grade: string;
}

export interface Member {
  person: Id;
  name: string;
  role: string;
  certificate: string;
}

/** What both sides sign, in its second form. Times are minutes, photos the SHA-256 of their originals. */
export interface Sheet {
  answers: { item: Id; photos: string[]; remark: string; value: AnswerValue }[];
  arrived: string;
  basis: string;
  check: string;
  enterprise: string;
  findings: { category: string; clause: Id | null; description: string; id: Id; item: Id | null; major: boolean; photos: string[]; place: string; risk_point: Id | null }[];
  form: 2;
  kind: string;
  left: string;
  met: [string, string, string];
  number: string;
  officers: [string, string][];
  on_site: { finding: Id | null; id: Id; kind: OnSiteKind; people: number | null; until: string | null; words: string }[];
  style: string;
  summary: string;
  visit: Id;
}

/** As sheets were before: still read, no longer made. */
export interface FirstSheet {
  answers: [Id, AnswerValue, string][];
  enterprise: string;
  findings: [Id, string, string, Id | null, boolean][];
  met: [string, string, string];
  number: string;
  officers: [string, string][];
  on_site: [Id, OnSiteKind, string, number | null][];
  summary: string;
  visit: Id;
}

export type AnySheet = Sheet | FirstSheet;

export interface Visit {
  id: Id;
  number: string;
  state: string;
  version: number;
  kind: string;
  check: string;
  style: string;
  planned_on: string;
  planned_to: string | null;
  reason: string;
  reason_words: string;
  campaign: string;
  basis: string;
  arrived_at?: Iso | null;
  enterprise: Enterprise;
  site: Place | null;
  members: Member[];
  leader: boolean;
  items: Item[];
  answers: Record<Id, Answer>;
  findings: Finding[];
  on_site: OnSite[];
  signatures: Signature[];
  /** How many of each party the record needs. */
  signers?: Partial<Record<Party, number>>;
  open_hazards: OpenHazard[];
  risk_points: RiskPoint[];
  /** SHA-256 of every photo the server has of it, by the photo's id. */
  photos?: Record<Id, string>;
  sheet: AnySheet | null;
}

export interface SelfCheckItem {
  control: Id | null;
  item: Id | null;
  text: string;
  risk_point: Id | null;
  risk_point_name: string;
  kind: string;
}

export interface SelfCheck {
  enterprise: Id;
  enterprise_name: string;
  cycle: "daily" | "weekly" | "monthly";
  period: string;
  due: boolean;
  late: boolean;
  items: SelfCheckItem[];
}

/** Facts as the server words them, label and value. */
export interface Fact {
  label: string;
  value: string;
}

export type AskKind = "line" | "prose" | "day" | "money" | "yuan" | "yesno" | "passed" | "choice" | "photos" | "officers" | "clause" | "category" | "signature" | "hidden";

/** One question of a step's form, made from what the step declares. */
export interface Ask {
  name: string;
  kind: AskKind;
  label: string;
  help: string;
  required: boolean;
  /** Fewest characters, or fewest of a list. */
  least: number;
  limit: number | null;
  options: [string, string][];
  /** What it begins with; "today" is the day it is opened. */
  value: unknown;
  /** Asked only when another question has this answer. */
  when: { field: string; value: unknown } | null;
}

export interface HazardStep {
  name: string;
  label: string;
  /** Leads on; the others are folded away. */
  main: boolean;
  danger: boolean;
  consequence: string;
  /** What it is decided on. */
  facts: Fact[];
  /** Null: it asks for what no phone carries, so it is taken on its page. */
  asks: Ask[] | null;
  url: string;
}

export interface HazardPhoto {
  file: Id;
  phase: string;
  label: string;
  taken_at: Iso | null;
}

export interface HazardAct {
  at: string;
  what: string;
  who: string;
  note: string;
}

/** A hazard that waits for this phone's owner, or an enterprise's own. */
export interface Hazard {
  id: Id;
  number: string;
  version: number;
  state: string;
  state_label: string;
  grade: string;
  grade_label: string;
  place: string;
  description: string;
  category_name: string;
  enterprise_name: string;
  visited: { address: string; principal_name: string; principal_phone: string } | null;
  due_at: Iso | null;
  due_on: string | null;
  due_label: string;
  late: boolean;
  recurrence: number;
  use_stopped: string;
  waits_for: string;
  /** The step that is this person's turn; "" when it waits for somebody else. */
  next: string;
  facts: Fact[];
  photos: HazardPhoto[];
  history: HazardAct[];
  sheet: { facts: Fact[]; digest: string; photos: number } | null;
  steps: HazardStep[];
  url: string;
  /** No longer among those that wait; kept because something of it is unsent. */
  gone?: boolean;
}

export interface Category {
  code: string;
  name: string;
  group: string;
}

export interface Day {
  as_of: Iso;
  actor: Actor;
  visits: Visit[];
  self_checks: SelfCheck[];
  /** Absent from a day that an older server made. */
  hazards?: Hazard[];
  categories: Category[];
  clauses_version: string;
}

export interface Clause {
  id: Id;
  criteria: string;
  criteria_name: string;
  number: string;
  text: string;
  keywords: string[];
  industries: string[];
  evidence: string;
}

export type CommandKind =
  | "visit.arrive"
  | "visit.answer"
  | "visit.finding"
  | "visit.withdraw_finding"
  | "visit.on_site"
  | "visit.record"
  | "visit.sign"
  | "visit.reopen"
  | "self_check.do"
  | "hazard.step";

/** Facts are only ever added; the others check the version they were made on. */
export const TRANSITIONS: ReadonlySet<CommandKind> = new Set(["visit.arrive", "visit.record", "visit.reopen", "hazard.step"]);

export interface CommandBody {
  id: Id;
  seq: number;
  kind: CommandKind;
  subject: Id;
  base_version: number | null;
  at: Iso;
  payload: Record<string, unknown>;
  photos: string[];
}

export type ResultStatus = "applied" | "already" | "waiting" | "conflict" | "rejected" | "held" | "reused";

export interface FieldError {
  field: string;
  message: string;
}

export interface Result {
  id: Id;
  status: ResultStatus;
  version: number | null;
  record: Record<string, unknown>;
  code: string;
  detail: string;
  errors: FieldError[];
  missing: string[];
}
