// The citizens' API in memory and small, with accounts, uploads and a network that loses what it likes. For tests only.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { newId, Sha256, utf8, zeroBits } from "../src";

export type Fault = "lost" | "unanswered" | null;
interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly errors: { field: string; message: string }[] = [],
    readonly headers: Record<string, string> = {},
  ) {
    super(code);
  }
}

export class CitizenServer {
  /** Who the one client of this test is signed in as. */
  session: { id: string; guest: boolean } | null = null;
  guests = 0;
  bits = 6;
  uploads = new Map<string, { owner: string; sha256: string; length: number; bytes: Buffer; file: string }>();
  files = new Map<string, { owner: string | null; bytes: Buffer }>();
  reports = new Map<string, { data: Record<string, unknown>; owner: string }>();
  words: { path: string; key: string; data: Record<string, unknown> }[] = [];
  calls: [string, string, number][] = [];
  fault: (request: IncomingMessage) => Fault = () => null;
  refuse: (path: string, data: Record<string, unknown>) => { status: number; code: string; errors?: { field: string; message: string }[]; headers?: Record<string, string> } | null = () => null;
  private readonly riddles = new Map<string, boolean>();
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.fault(request);
    if (fault === "lost") return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let answer: Answer;
    try {
      answer = this.answer(request, Buffer.concat(chunks));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { status, code, errors, headers } = error;
      answer = { status, headers, body: { status, code, detail: code, errors } };
    }
    this.calls.push([request.method ?? "", request.url ?? "", answer.status]);
    if (fault) return void request.socket.destroy();
    response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers });
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  }

  private me(): { id: string; guest: boolean } {
    if (!this.session) throw new Problem(401, "sign_in_needed");
    return this.session;
  }

  private answer(request: IncomingMessage, body: Buffer): Answer {
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (path === "/report/token") return { status: 200, body: { token: "t" } };
    if (path.startsWith("/api/v1/uploads")) return this.tus(request, body, path);
    const name = path.replace("/api/v1/citizen/", "");
    const data = (body.length ? JSON.parse(body.toString()) : {}) as Record<string, unknown>;
    const refused = this.refuse(name, data);
    if (refused) throw new Problem(refused.status, refused.code, refused.errors, refused.headers);
    if (name === "settings") {
      const salt = newId();
      this.riddles.set(salt, true);
      return { status: 200, body: { city: "测试市", proof: { salt, bits: this.bits } } };
    }
    if (name === "me") return { status: 200, body: { ...this.me(), name: "", phone: "", verified: false } };
    if (name === "guest") return this.guest(String(data["proof"] ?? request.headers["x-proof"] ?? ""));
    if (name === "claims/contest") {
      if (!this.isKnown(request)) this.take(data["photos"] as string[] | undefined, this.session?.id ?? "");
      this.say(name, request, data);
      return { status: 200, body: {} };
    }
    const { id } = this.me();
    if (name === "reports") return this.report(data, id);
    this.take(data["photos"] as string[] | undefined, id);
    this.say(name, request, data);
    return { status: 200, body: {} };
  }

  private isKnown(request: IncomingMessage): boolean {
    return this.words.some((one) => one.key === String(request.headers["idempotency-key"] ?? ""));
  }

  /** With the same key, once. */
  private say(path: string, request: IncomingMessage, data: Record<string, unknown>): void {
    if (!this.isKnown(request)) this.words.push({ path, key: String(request.headers["idempotency-key"] ?? ""), data });
  }

  private guest(proof: string): Answer {
    const salt = proof.split(":")[0] ?? "";
    if (!this.riddles.get(salt) || zeroBits(new Sha256().update(utf8(proof)).finish()) < this.bits) throw new Problem(429, "rate.proof_needed", [], { "Retry-After": "1" });
    this.riddles.set(salt, false);
    this.guests++;
    this.session = { id: `guest-${this.guests}`, guest: true };
    return { status: 200, body: { person: this.session } };
  }

  private report(data: Record<string, unknown>, owner: string): Answer {
    const id = String(data["id"]);
    const kept = this.reports.get(id);
    if (kept && kept.owner !== owner) throw new Problem(409, "conflict");
    if (!kept) {
      this.take(data["photos"] as string[] | undefined, owner);
      this.reports.set(id, { data, owner });
    }
    const card = { id, number: `R-${this.reports.size}`, words: data["words"] };
    return { status: kept ? 200 : 201, body: { report: card, claim_code: data["anonymous"] ? "ABCD-EFGH-JKMN" : null, urgent: null } };
  }

  /** A file that is taken belongs to nobody any more, as the server's do. */
  private take(photos: string[] | undefined, owner: string): void {
    for (const photo of photos ?? []) {
      const file = this.files.get(photo);
      if (file?.owner !== owner) throw new Problem(422, "invalid", [{ field: "photos", message: "没有这张照片" }]);
    }
    for (const photo of photos ?? []) this.files.get(photo)!.owner = null;
  }

  private tus(request: IncomingMessage, body: Buffer, path: string): Answer {
    const owner = this.me().id;
    if (path === "/api/v1/uploads") {
      const meta = Object.fromEntries(String(request.headers["upload-metadata"]).split(",").map((pair) => pair.split(" ").map((part, at) => (at ? Buffer.from(part, "base64").toString() : part))));
      const id = newId();
      this.uploads.set(id, { owner, sha256: String(meta["sha256"]), length: Number(request.headers["upload-length"]), bytes: Buffer.alloc(0), file: "" });
      return { status: 201, headers: { Location: `/api/v1/uploads/${id}` } };
    }
    const upload = this.uploads.get(path.split("/").at(-1) ?? "");
    if (!upload || upload.owner !== owner) throw new Problem(404, "not_found");
    if (request.method === "PATCH") {
      if (Number(request.headers["upload-offset"]) !== upload.bytes.length) throw new Problem(409, "upload.offset");
      upload.bytes = Buffer.concat([upload.bytes, body]);
      if (upload.bytes.length >= upload.length) {
        if (createHash("sha256").update(upload.bytes).digest("hex") !== upload.sha256) throw new Problem(422, "file.damaged");
        upload.file ||= newId();
        this.files.set(upload.file, { owner, bytes: upload.bytes });
      }
    }
    return { status: request.method === "PATCH" ? 204 : 200, headers: { "Upload-Offset": String(upload.bytes.length), ...(upload.file ? { "Anlan-File": upload.file } : {}) } };
  }
}
