// What the mini-program asks beyond the shared client: sign-in by WeChat, its messages, rewards by transfer, and what is open to everybody.
import { CitizenApi, type Citizen, type Claimed, type RewardFacts } from "@anlan/core/citizen";

interface Entered {
  token: string;
  person: Citizen;
}

/** A reward as rewards' own API tells it; `package` is there while a transfer waits to be confirmed. */
export interface Reward extends RewardFacts {
  package: string | null;
  voucher_code: string | null;
  mch_id: string | null;
  app_id: string | null;
}

interface ClaimFacts {
  way: "wechat" | "voucher";
  name?: string;
}

export interface PublicCard {
  number: string;
  words: string;
  place: string;
  county_name: string;
  category: { code: string; name: string } | null;
  state: string;
  state_label: string;
  photo: string | null;
  joined: number;
  reported_on: string;
  answered_on: string | null;
}

export interface PublicReport extends PublicCard {
  unit: string;
  outcome_words: string;
  answer: string;
  photos: { thumb: string; display: string; phase: string; phase_label: string }[];
  stages: { label: string; status: "done" | "current" | "waiting"; on: string | null; unit: string }[];
}

export interface Figures {
  users: number;
  reports: number;
  answered: number;
  rewards: number;
  median_days: number | null;
}

export interface Topic {
  code: string;
  name: string;
  call: string[];
  do: string[];
  never: string[];
  source: string;
}

export interface Rule {
  text: string;
  where: string;
  code: string;
}

export interface Knowledge {
  topics: Topic[];
  criteria: Rule[];
  laws: Rule[];
  cases: PublicCard[];
}

export class Service extends CitizenApi {
  wechat = (code: string, phoneCode: string): Promise<Entered> => this.post("wechat", { code, ...(phoneCode ? { phone_code: phoneCode } : {}) });
  guestToken = async (): Promise<Entered> => this.post("guest?token=1", { proof: await this.proof() });

  templates = (): Promise<{ templates: Record<string, string> }> => this.get("me/wechat-subscriptions");
  accept = (template: string, accepted: boolean): Promise<unknown> => this.post("me/wechat-subscriptions", { template, accepted });

  reward = (id: string): Promise<Reward> => this.get(`rewards/${id}`);
  takeReward = (id: string, facts: ClaimFacts, key: string): Promise<Claimed> => this.post(`rewards/${id}/claim`, facts, key);
  takeByCode = (code: string, reward: string, facts: ClaimFacts, key: string): Promise<Claimed> => this.post("claims/rewards/claim", { code, reward, ...facts }, key);

  plaza = (facts: { cursor?: string; category?: string; q?: string }): Promise<{ items: PublicCard[]; next: string | null }> => this.get("plaza", facts);
  publicReport = (number: string): Promise<PublicReport> => this.get(`plaza/${encodeURIComponent(number)}`);
  figures = (): Promise<Figures> => this.get("plaza/figures");
  knowledge = (q: string): Promise<Knowledge> => this.get("knowledge", { q });
}
