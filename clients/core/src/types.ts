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

export interface Sheet {
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
  sheet: Sheet | null;
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
