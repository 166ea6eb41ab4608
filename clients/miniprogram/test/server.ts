// The citizens' API in memory, as the mini-program meets it: tokens, uploads in pieces by POST, one report for one id.
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

interface Person {
  id: string;
  guest: boolean;
  name: string;
  phone: string;
  verified: boolean;
}

type Facts = Record<string, unknown>;

class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly errors: { field: string; message: string }[] = [],
  ) {
    super(code);
  }
}

export class City {
  bits = 6;
  people = new Map<string, Person>();
  tokens = new Map<string, string>();
  uploads = new Map<string, { owner: string; sha256: string; length: number; bytes: Buffer; file: string }>();
  files = new Map<string, { owner: string; bytes: Buffer }>();
  reports = new Map<string, { data: Facts; owner: string }>();
  /** What was said of reports and rewards, each once for its key. */
  said: { path: string; key: string; data: Facts }[] = [];
  calls: { method: string; path: string; status: number; bytes: number }[] = [];
  refuse: ((path: string) => Problem | null) | null = null;
  near: Facts[] = [];
  rewards: Facts[] = [];
  /** The codes somebody who leaves takes along. */
  kept: Facts[] = [];
  follow: Facts = {};
  salts = new Set<string>();
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** As at the start, but for the address. */
  clear(): void {
    for (const all of [this.people, this.tokens, this.uploads, this.files, this.reports]) all.clear();
    Object.assign(this, { said: [], calls: [], refuse: null, near: [], rewards: [], kept: [], follow: {} });
  }

  static refusal = (status: number, code: string, field = "", message = ""): Problem => new Problem(status, code, field ? [{ field, message }] : []);

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    let answer: Answer;
    try {
      answer = this.answer(request, body);
    } catch (trouble) {
      if (!(trouble instanceof Problem)) throw trouble;
      const { status, code, errors } = trouble;
      answer = { status, body: { status, code, detail: code, errors }, ...(status === 429 ? { headers: { "Retry-After": "1" } } : {}) };
    }
    this.calls.push({ method: request.method ?? "", path: request.url ?? "", status: answer.status, bytes: body.length });
    response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers });
    response.end(answer.body === undefined || request.method === "HEAD" ? "" : JSON.stringify(answer.body));
  }

  private who(request: IncomingMessage): Person {
    const token = String(request.headers["authorization"] ?? "").replace("Bearer ", "");
    const found = this.people.get(this.tokens.get(token) ?? "");
    if (!found) throw new Problem(401, "sign_in_needed");
    return found;
  }

  enter(id: string, guest: boolean): Answer {
    const person = this.people.get(id) ?? { id, guest, name: "", phone: "", verified: false };
    this.people.set(id, person);
    const token = `anl_${randomUUID()}`;
    this.tokens.set(token, id);
    return { status: 200, body: { token, person } };
  }

  private answer(request: IncomingMessage, body: Buffer): Answer {
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (path.startsWith("/api/v1/uploads")) return this.tus(request, body, path);
    const name = path.replace("/api/v1/citizen/", "");
    const data = (body.length ? JSON.parse(body.toString()) : {}) as Facts;
    const refused = this.refuse?.(name);
    if (refused) throw refused;
    switch (name) {
      case "settings":
        return { status: 200, body: this.settings() };
      case "wechat": {
        const { body: entered } = this.enter("wechat-1", false) as { body: { person: Person } };
        if (data["phone_code"]) entered.person.phone = "138****1234";
        return { status: 200, body: entered };
      }
      case "guest":
        return this.guest(String(data["proof"]));
      case "me":
        if (request.method === "DELETE") return this.kept.length ? { status: 200, body: { codes: this.kept } } : { status: 204 };
        return { status: 200, body: this.who(request) };
      case "me/wechat-subscriptions":
        return request.method === "GET" ? { status: 200, body: { templates: { "report.answered": "T1", "reward.claimable": "T2", "reward.paid": "T3" } } } : this.say(name, request, data);
      case "claims":
        if (data["code"] !== "ABCD-EFGH-JKMN") throw new Problem(404, "not_found");
        return { status: 200, body: this.follow };
      case "claims/rewards":
      case "rewards":
        return { status: 200, body: { items: this.rewards } };
      case "plaza":
        return { status: 200, body: { items: [PUBLIC], next: null } };
      case "plaza/figures":
        return { status: 200, body: { users: 4956, reports: 1202, answered: 1100, rewards: 256, median_days: 4 } };
      case "knowledge":
        return { status: 200, body: KNOWLEDGE };
      case "near":
        this.who(request);
        return { status: 200, body: { items: this.near } };
      case "employers":
        return { status: 200, body: { items: EMPLOYERS.filter((one) => one.name.includes(decodeURIComponent(/words=([^&]*)/.exec(request.url ?? "")?.[1] ?? ""))) } };
      case "units":
        return { status: 200, body: { items: [{ id: "11111111-1111-7111-8111-111111111111", name: "甲县应急管理局", why: "" }] } };
      case "reports":
        return request.method === "GET" ? { status: 200, body: { items: [this.follow], next: null } } : this.report(data, this.who(request).id);
    }
    if (name.startsWith("plaza/")) return { status: 200, body: PUBLIC };
    if (request.method === "GET" && name.startsWith("rewards/")) return this.reward(name.slice(8));
    if (request.method === "GET" && name.startsWith("reports/")) return { status: 200, body: this.follow };
    if (!name.startsWith("claims/")) this.take(data["photos"], this.who(request).id);
    return this.say(name, request, data);
  }

  /** Of a reward, each time it is asked. */
  reward: (id: string) => Answer = (id) => ({ status: 200, body: this.rewards.find((one) => one["id"] === id) });

  private settings(): Facts {
    const salt = randomUUID();
    this.salts.add(salt);
    const categories = [
      { code: "fire", name: "消防", hint: "", icon: "" },
      { code: "building", name: "房屋建筑", hint: "", icon: "" },
    ];
    return { city: "青川市", region: 1, urgent_numbers: ["119", "120", "12350"], anonymous_allowed: true, real_name_needed: false, wechat: true, categories, photos_max: 9, video_max_mb: 20, proof: { salt, bits: this.bits } };
  }

  private guest(proof: string): Answer {
    const zeros = createHash("sha256").update(proof).digest();
    const number = BigInt(`0x${zeros.toString("hex")}`);
    const enough = 256 - number.toString(2).length >= this.bits;
    if (!this.salts.delete(proof.split(":")[0] ?? "") || !enough) throw new Problem(429, "rate.proof_needed");
    return this.enter(`guest-${randomUUID()}`, true);
  }

  private say(path: string, request: IncomingMessage, data: Facts): Answer {
    const key = String(request.headers["idempotency-key"] ?? "");
    if (!key || !this.said.some((one) => one.key === key)) this.said.push({ path, key, data });
    const voucher = data["way"] === "voucher" ? "V-2026" : null;
    return { status: 200, body: path.includes("claim") ? { reward: {}, package: null, voucher_code: voucher } : {} };
  }

  private report(data: Facts, owner: string): Answer {
    const id = String(data["id"]);
    const kept = this.reports.get(id);
    if (kept && kept.owner !== owner) throw new Problem(409, "conflict");
    if (!kept) {
      this.take(data["photos"], owner);
      this.reports.set(id, { data, owner });
    }
    const urgent = String(data["words"]).includes("坍塌") ? { word: "坍塌", numbers: ["119"] } : null;
    return { status: kept ? 200 : 201, body: { report: { id, number: `R-${this.reports.size}` }, claim_code: data["anonymous"] ? "ABCD-EFGH-JKMN" : null, urgent } };
  }

  private take(photos: unknown, owner: string): void {
    for (const photo of (photos ?? []) as string[]) {
      if (this.files.get(photo)?.owner !== owner) throw new Problem(422, "invalid", [{ field: "photos", message: "没有这张照片" }]);
    }
    for (const photo of (photos ?? []) as string[]) this.files.get(photo)!.owner = "";
  }

  private tus(request: IncomingMessage, body: Buffer, path: string): Answer {
    const owner = this.who(request).id;
    if (path === "/api/v1/uploads") {
      const meta = Object.fromEntries(String(request.headers["upload-metadata"]).split(",").map((pair) => pair.split(" ").map((part, at) => (at ? Buffer.from(part, "base64").toString() : part))));
      const id = randomUUID();
      this.uploads.set(id, { owner, sha256: String(meta["sha256"]), length: Number(request.headers["upload-length"]), bytes: Buffer.alloc(0), file: "" });
      return { status: 201, headers: { Location: `/api/v1/uploads/${id}` } };
    }
    const upload = this.uploads.get(path.split("/").at(-1) ?? "");
    if (!upload || upload.owner !== owner) throw new Problem(404, "not_found");
    if (request.method !== "HEAD") {
      if (request.method !== "POST" || request.headers["x-http-method-override"] !== "PATCH") throw new Problem(405, "not_allowed");
      if (Number(request.headers["upload-offset"]) !== upload.bytes.length) throw new Problem(409, "upload.offset");
      const told = String(request.headers["upload-checksum"]).split(" ")[1];
      if (createHash("sha256").update(body).digest("base64") !== told) throw new Problem(460, "upload.checksum");
      upload.bytes = Buffer.concat([upload.bytes, body]);
      if (upload.bytes.length >= upload.length) {
        if (createHash("sha256").update(upload.bytes).digest("hex") !== upload.sha256) throw new Problem(422, "file.sha256");
        upload.file ||= randomUUID();
        this.files.set(upload.file, { owner, bytes: upload.bytes });
      }
    }
    return { status: request.method === "HEAD" ? 200 : 204, headers: { "Upload-Offset": String(upload.bytes.length), ...(upload.file ? { "Anlan-File": upload.file } : {}) } };
  }
}

export const EMPLOYERS = [
  { id: "33333333-3333-7333-8333-333333333331", name: "翠岭铸造有限公司", place: "甲县" },
  { id: "33333333-3333-7333-8333-333333333332", name: "翠岭化工有限公司", place: "甲县" },
];

export const PUBLIC = {
  ...{ number: "R-7", words: "楼道堆放杂物", place: "人民路", county: 1, county_name: "甲县", category: { code: "fire", name: "消防" }, state: "answered", state_label: "已答复", outcome: "verified" },
  ...{ lon: 113.1, lat: 28.1, photo: "/plaza/1.jpg", joined: 2, reported_on: "2026-11-01", answered_on: "2026-11-06" },
  ...{ unit: "甲县消防救援大队", outcome_words: "属实，已整改", answer: "杂物已清走。", photos: [{ thumb: "/plaza/1.jpg", display: "/plaza/2.jpg", phase: "report", phase_label: "上报" }] },
  stages: [
    { label: "收到", status: "done", on: "2026-11-01", unit: "" },
    { label: "答复", status: "current", on: null, unit: "甲县消防救援大队" },
  ],
};

const KNOWLEDGE = {
  topics: [{ code: "gas", name: "闻到燃气味", icon: "", call: ["119"], do: ["开窗通风"], never: ["不要开关电器"], source: "应急手册", evidence: "K" }],
  criteria: [{ text: "安全出口被封堵", where: "工贸标准 第四条", code: "c", evidence: "V" }],
  laws: [{ text: "公民有权举报", where: "安全生产法 第七十四条", code: "l", evidence: "V" }],
  cases: [PUBLIC],
};

export const FOLLOW = {
  ...{ id: "22222222-2222-7222-8222-222222222222", number: "R-9", words: "消防通道被堵", place: "甲县 人民路 12 号", state: "answered", state_label: "已答复", outcome: "verified", outcome_label: "属实" },
  ...{ reported_at: "2026-11-01T02:03:00Z", photo: "/p/1.jpg", category: { code: "fire", name: "消防" }, due_on: null, late: false, answer: "已责令清理，通道恢复畅通。", satisfied: null, unread: true },
  ...{ address: "人民路 12 号", lon: "113.1", lat: "28.1", unit_name: "甲县消防救援大队", reason: "", answered_at: "2026-11-06T02:00:00Z" },
  photos: [
    { id: "a", kind: "photo", thumb: "/p/a.jpg", display: "/p/A.jpg", phase: "report" },
    { id: "b", kind: "photo", thumb: "/p/b.jpg", display: "/p/B.jpg", phase: "after" },
  ],
  may: { contest: true, rate: true, join: false },
  reward: { amount_fen: 20000, state: "claimable", state_label: "待领取" },
  timeline: [{ at: "2026-11-01T02:03:00Z", label: "收到上报", words: "", tone: "" }],
};
