// The contract of /api/v1/field, /uploads and /sync, in memory and small, with a network that loses what it likes. For tests only.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const sha256 = (data) => createHash("sha256").update(data);

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

class Problem extends Error {
  constructor(status, code, detail = code, errors = []) {
    super(detail);
    Object.assign(this, { status, code, detail, errors });
  }
}

export class ContractServer {
  constructor(day, { clauses = [], person = day.actor.person, bearer = null } = {}) {
    this.day = day;
    this.clauses = clauses;
    this.person = person;
    this.bearer = bearer;
    this.signedIn = true;
    this.token = "token-1";
    this.uploads = new Map(); // id → {sha256, length, bytes}
    this.files = new Map(); // sha256 → bytes
    /** Small pictures by file id. */
    this.pictures = new Map();
    this.answers = new Map(); // command id → {bytes, result}
    this.effects = []; // [id, kind] once per effect
    this.calls = [];
    /** Asked for every request: "lost" (never arrives), "unanswered" (done, but nobody hears), "halved" (its body arrives by half). */
    this.fault = () => null;
    /** Asked for every command before it is done: a result to give instead, or null. */
    this.stub = () => null;
    this.refusePhoto = () => false;
    /** The problem every upload is answered with, or null. */
    this.refuseUpload = null;
    /** Asked for every batch as it came: whether it is refused as a whole. */
    this.refuseBatch = () => false;
    this.server = createServer((request, response) => this.#serve(request, response));
  }

  async listen(port = 0) {
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  visit(id) {
    return this.day.visits.find((one) => one.id === id);
  }

  async #serve(request, response) {
    const fault = this.fault(request);
    if (fault === "lost") return request.socket.destroy();
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    let body = Buffer.concat(chunks);
    if (fault === "halved") body = body.subarray(0, body.length >> 1);
    let answer;
    try {
      if (fault === "halved" && request.method !== "PATCH") return request.socket.destroy();
      answer = this.#answer(request, body, fault === "halved");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { status, code, detail, errors } = error;
      answer = { status, body: { type: `/problems/${code}`, title: code, status, code, detail, errors } };
    }
    this.calls.push([request.method, request.url, answer.status]);
    if (fault) return request.socket.destroy();
    const text = answer.body === undefined ? "" : JSON.stringify(answer.body);
    response.writeHead(answer.status, { ...(text ? { "Content-Type": "application/json" } : {}), ...answer.headers });
    response.end(answer.bytes ?? text);
  }

  #answer(request, body, halved) {
    const path = request.url.split("?")[0];
    if (path === "/phone/token") return { status: 200, body: { token: this.token } };
    const byToken = request.headers.authorization === `Bearer ${this.bearer}`;
    if (!this.signedIn || (this.bearer && !byToken)) throw new Problem(401, "sign_in_needed");
    if (!["GET", "HEAD"].includes(request.method) && !byToken && request.headers["x-csrftoken"] !== this.token) throw new Problem(403, "csrf");
    if (path === "/api/v1/field/day") return this.#tagged(request, { ...this.day, actor: { ...this.day.actor, person: this.person } });
    if (path === "/api/v1/field/clauses") return this.#tagged(request, this.clauses);
    const [, picture] = path.match(/^\/api\/v1\/files\/([^/]+)\/thumb$/) ?? [];
    if (picture && !this.pictures.has(picture)) throw new Problem(404, "not_found");
    if (picture) return { status: 200, headers: { "Content-Type": "image/jpeg" }, bytes: this.pictures.get(picture) };
    if (path === "/api/v1/uploads/known") return { status: 200, body: { known: JSON.parse(body).sha256.filter((one) => this.files.has(one)) } };
    if (path.startsWith("/api/v1/uploads")) return this.#tus(request, body, path, halved);
    if (path === "/api/v1/sync" && this.refuseBatch(body.toString())) throw new Problem(422, "invalid", "坏的");
    if (path === "/api/v1/sync") return { status: 200, body: this.#sync(JSON.parse(body)) };
    if (path.startsWith("/api/v1/sync/commands/")) {
      const kept = this.answers.get(path.split("/").at(-1));
      if (!kept) throw new Problem(404, "not_found");
      return { status: 200, body: kept.result };
    }
    throw new Problem(404, "not_found");
  }

  #tagged(request, body) {
    const etag = `"${sha256(canonical(body)).digest("hex").slice(0, 16)}"`;
    if (request.headers["if-none-match"] === etag) return { status: 304, headers: { ETag: etag } };
    return { status: 200, body, headers: { ETag: etag } };
  }

  #tus(request, body, path, halved) {
    if (this.refuseUpload) throw new Problem(this.refuseUpload.status, this.refuseUpload.code);
    if (request.headers["tus-resumable"] !== "1.0.0") throw new Problem(412, "tus.version");
    if (path === "/api/v1/uploads") {
      const meta = Object.fromEntries(request.headers["upload-metadata"].split(",").map((pair) => pair.split(" ").map((part, at) => (at ? Buffer.from(part, "base64").toString() : part))));
      const id = crypto.randomUUID();
      this.uploads.set(id, { sha256: meta.sha256, length: Number(request.headers["upload-length"]), bytes: Buffer.alloc(0) });
      return { status: 201, headers: { Location: `/api/v1/uploads/${id}` } };
    }
    const upload = this.uploads.get(path.split("/").at(-1));
    if (!upload) throw new Problem(404, "not_found");
    if (request.method === "HEAD") return { status: 200, headers: { "Upload-Offset": String(upload.bytes.length) } };
    if (Number(request.headers["upload-offset"]) !== upload.bytes.length) throw new Problem(409, "upload.offset");
    if (request.headers["upload-checksum"] !== `sha256 ${sha256(body).digest("base64")}`) throw new Problem(460, "upload.checksum");
    if (halved) throw new Problem(460, "upload.checksum");
    upload.bytes = Buffer.concat([upload.bytes, body]);
    if (upload.bytes.length >= upload.length) {
      const found = sha256(upload.bytes).digest("hex");
      if (found !== upload.sha256 || this.refusePhoto(upload)) {
        this.uploads.delete(path.split("/").at(-1));
        throw new Problem(422, "file.not_a_photo", "这不是照片");
      }
      this.files.set(found, upload.bytes);
    }
    return { status: 204, headers: { "Upload-Offset": String(upload.bytes.length) } };
  }

  #sync({ device, sent_at, commands }) {
    if (!device || !sent_at || commands.length > 100) throw new Problem(422, "invalid");
    const shut = new Set();
    const results = [...commands].sort((one, other) => one.seq - other.seq).map((command) => {
      const result = shut.has(command.subject) ? { status: "held" } : this.#command(command);
      if (!["applied", "already"].includes(result.status)) shut.add(command.subject);
      return { id: command.id, version: null, record: {}, code: "", detail: "", errors: [], missing: [], ...result };
    });
    return { received_at: new Date(Date.now() + (this.ahead ?? 0)).toISOString(), results };
  }

  #command(command) {
    const bytes = canonical(command);
    const kept = this.answers.get(command.id);
    if (kept) return kept.bytes === bytes ? { ...kept.result, status: "already" } : { status: "reused" };
    const missing = command.photos.filter((one) => !this.files.has(one));
    if (missing.length) return { status: "waiting", missing };
    const stub = this.stub(command);
    if (stub) return stub;
    const result = this.#act(command);
    if (result.status === "applied") {
      this.answers.set(command.id, { bytes, result });
      this.effects.push([command.id, command.kind]);
    }
    return result;
  }

  #act({ kind, subject, base_version, payload, photos }) {
    if (kind === "self_check.do") return { status: "applied", version: 1 };
    const visit = this.visit(subject);
    if (!visit) return { status: "rejected", code: "not_found", detail: "没有这个检查" };
    const wrong = (detail) => ({ status: "conflict", code: "flow.wrong_state", version: visit.version, detail });
    const done = () => ({ status: "applied", version: ++visit.version, record: { state: visit.state } });
    if (["visit.arrive", "visit.record", "visit.reopen"].includes(kind) && base_version !== visit.version) return wrong("记录已有变动");
    const facts = ["visit.answer", "visit.finding", "visit.withdraw_finding", "visit.on_site", "visit.record"];
    if (facts.includes(kind) && visit.state !== "under_way") return wrong("检查不在进行中");
    switch (kind) {
      case "visit.arrive":
        if (!["planned", "assigned", "notified", "unannounced"].includes(visit.state)) return wrong("已有人到场");
        visit.state = "under_way";
        visit.arrived_at = payload.arrived_at ?? new Date().toISOString();
        return { ...done(), record: { state: visit.state, arrived_at: visit.arrived_at } };
      case "visit.answer":
        if (payload.remark?.length > 500) return { status: "rejected", code: "invalid", detail: "有内容需要更正", errors: [{ field: "remark", message: "备注过长" }] };
        visit.answers[payload.item] = { value: payload.value, remark: payload.remark ?? "", files: [...new Set([...(visit.answers[payload.item]?.files ?? []), ...this.#files(visit, photos)])] };
        return done();
      case "visit.finding":
        if (!payload.place) return { status: "rejected", code: "invalid", detail: "有内容需要更正", errors: [{ field: "place", message: "写明地点" }] };
        visit.findings.push({ ...payload, files: this.#files(visit, photos), withdrawn: "" });
        return done();
      case "visit.withdraw_finding":
        visit.findings.find((one) => one.id === payload.finding).withdrawn = payload.reason;
        return done();
      case "visit.on_site":
        if (payload.finding && !visit.findings.some((one) => one.id === payload.finding && !one.withdrawn))
          return { status: "rejected", code: "invalid", detail: "有内容需要更正", errors: [{ field: "finding", message: "没有这个问题" }] };
        visit.on_site.push(payload);
        return done();
      case "visit.record": {
        const sheet = this.sheet(visit, payload);
        if (sha256(canonical(sheet)).digest("hex") !== payload.digest) return wrong("内容与服务器上的不一致");
        visit.sheet = sheet;
        visit.state = "recorded";
        return done();
      }
      case "visit.sign":
        if (visit.state !== "recorded") return wrong("还没有形成记录");
        if (sha256(canonical(visit.sheet)).digest("hex") !== payload.digest) return wrong("签的不是这份记录");
        if (payload.party !== "enterprise" && !visit.members.some((one) => one.name === payload.name))
          return { status: "rejected", code: "invalid", detail: "有内容需要更正", errors: [{ field: "name", message: "没有这个人" }] };
        visit.signatures.push({ party: payload.party, name: payload.name, refused: payload.refused, drawing: this.#files(visit, photos)[0] ?? null });
        return done();
      case "visit.reopen":
        visit.state = "under_way";
        visit.signatures = [];
        return done();
      default:
        return { status: "rejected", code: "unknown", detail: "没有这种操作" };
    }
  }

  /** Each photo is a file of its own name here too; the day says which hash it has. */
  #files(visit, hashes) {
    visit.photos ??= {};
    return hashes.map((hash) => {
      visit.photos[`file-${hash.slice(0, 12)}`] = hash;
      return `file-${hash.slice(0, 12)}`;
    });
  }

  sheet(visit, { summary, met_name, met_title = "", met_phone = "", left_at }) {
    const by = (name) => (one, other) => (one[name] < other[name] ? -1 : one[name] > other[name] ? 1 : 0);
    const minute = (moment) => (moment ? `${moment.slice(0, 16)}Z` : "");
    const photos = (files) => [...new Set(files.map((id) => visit.photos[id]))].sort();
    return {
      answers: Object.entries(visit.answers).map(([item, one]) => ({ item, photos: photos(one.files), remark: one.remark, value: one.value })).sort(by("item")),
      arrived: minute(visit.arrived_at),
      basis: visit.basis,
      check: visit.check,
      enterprise: visit.enterprise.name,
      findings: visit.findings
        .filter((one) => !one.withdrawn)
        .map(({ id, place, category, description, clause = null, major, item = null, risk_point = null, files }) => ({ category, clause, description, id, item, major, photos: photos(files), place, risk_point }))
        .sort(by("id")),
      form: 2,
      kind: visit.kind,
      left: minute(left_at),
      met: [met_name, met_title, met_phone],
      number: visit.number,
      officers: visit.members.filter((one) => one.role !== "observer").map((one) => [one.name, one.certificate]).sort(by(0)),
      on_site: visit.on_site.map(({ id, kind, words, people = null, until = null, finding = null }) => ({ finding, id, kind, people, until, words })).sort(by("id")),
      style: visit.style,
      summary,
      visit: visit.id,
    };
  }
}
