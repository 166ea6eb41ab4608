// Fetch with patience, problem details and the CSRF token. Everything that fails is one of four: no answer, not signed in, refused, broken.
import type { FieldError } from "./types";

export class NoAnswer extends Error {}
export class SignInNeeded extends Error {}

/** The server understood and said no; trying the same again is of no use. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldError[] = [],
    readonly response: Response | null = null,
  ) {
    super(detail || `${status}`);
  }
}

export interface Reply<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

/** What is needed of fetch and its answer: WeChat has neither, and gives them by `wx.request`. */
export type Fetch = (address: string, call: RequestInit) => Promise<Response>;

export interface Options {
  base?: string;
  /** For the mini-program, tests and other programs; people in a browser use the session. */
  bearer?: string | (() => string);
  /** How bytes travel, where there is no fetch. */
  fetch?: Fetch;
  patience_ms?: number;
  /** Where the token against forged writes is fetched. */
  token?: string;
  /** The language that the server's words shall be in; asked for each call, as a person may change it. */
  language?: () => string;
}

interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: BodyInit | null;
  json?: unknown;
  /** Answers that are no trouble for this call. */
  takes?: number[];
}

const QUIET = new Set([502, 503, 504, 429, 408, 425, 423]);

export class Api {
  private token = "";
  private readonly base: string;
  private readonly fetcher: Fetch;

  constructor(private readonly options: Options = {}) {
    this.base = options.base ?? "";
    this.fetcher = options.fetch ?? ((...args) => fetch(...args));
  }

  async call<Body = unknown>(path: string, call: Call = {}): Promise<Reply<Body>> {
    const answer = await this.once<Body>(path, call);
    if (answer) return answer;
    // The token was missing or turned over with a new sign-in: fetch it and try once more.
    await this.fetchToken();
    const again = await this.once<Body>(path, call);
    if (again) return again;
    throw new Refused(403, "csrf", "");
  }

  /** Null when the CSRF token was not taken. */
  private async once<Body>(path: string, call: Call): Promise<Reply<Body> | null> {
    const method = call.method ?? "GET";
    const headers: Record<string, string> = { Accept: "application/json", ...call.headers };
    if (this.options.language) headers["Accept-Language"] = this.options.language();
    let body = call.body ?? null;
    if (call.json !== undefined) {
      headers["Content-Type"] = "application/json";
      body = JSON.stringify(call.json);
    }
    const { bearer } = this;
    if (bearer) headers["Authorization"] = `Bearer ${bearer}`;
    else if (this.options.bearer === undefined && method !== "GET" && method !== "HEAD") {
      if (!this.token) await this.fetchToken();
      headers["X-CSRFToken"] = this.token;
    }
    const response = await this.send(path, { method, headers, body, credentials: "same-origin", redirect: "manual", cache: "no-store" });
    if (response.ok || response.status === 304 || call.takes?.includes(response.status)) {
      return { status: response.status, headers: response.headers, body: (await this.read(response)) as Body };
    }
    if (response.type === "opaqueredirect" || response.status === 401) throw new SignInNeeded();
    if (QUIET.has(response.status) || response.status >= 500) throw new NoAnswer(String(response.status));
    const problem = ((await this.read(response)) ?? {}) as { code?: string; detail?: string; title?: string; errors?: FieldError[] };
    if (response.status === 403 && problem.code === "csrf" && this.options.bearer === undefined) return null;
    throw new Refused(response.status, problem.code ?? "", problem.detail || problem.title || "", problem.errors ?? [], response);
  }

  /** A picture; null when the server does not give it, which is no trouble for anything else. */
  async picture(path: string): Promise<Blob | null> {
    const headers: Record<string, string> = this.bearer ? { Authorization: `Bearer ${this.bearer}` } : {};
    const response = await this.send(path, { headers, credentials: "same-origin", redirect: "manual" });
    if (response.type === "opaqueredirect" || response.status === 401) throw new SignInNeeded();
    if (QUIET.has(response.status) || response.status >= 500) throw new NoAnswer(String(response.status));
    if (!response.ok || !response.headers.get("Content-Type")?.startsWith("image/")) return null;
    try {
      return await response.blob();
    } catch (error) {
      throw new NoAnswer(error instanceof Error ? error.message : "");
    }
  }

  private get bearer(): string {
    const { bearer } = this.options;
    return typeof bearer === "function" ? bearer() : (bearer ?? "");
  }

  /** After a sign-in or sign-out the old one is worth nothing. */
  forgetToken(): void {
    this.token = "";
  }

  private async fetchToken(): Promise<void> {
    const response = await this.send(this.options.token ?? "/phone/token", { credentials: "same-origin", cache: "no-store" });
    if (!response.ok) throw new NoAnswer(String(response.status));
    this.token = ((await this.read(response)) as { token: string }).token;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    // WeChat has no AbortController; its requests end by a time-out of their own.
    const stop = typeof AbortController === "undefined" ? null : new AbortController();
    const timer = setTimeout(() => stop?.abort(), this.options.patience_ms ?? 60_000);
    try {
      return await this.fetcher(this.base + path, { ...init, ...(stop ? { signal: stop.signal } : {}) });
    } catch (error) {
      throw new NoAnswer(error instanceof Error ? error.message : "");
    } finally {
      clearTimeout(timer);
    }
  }

  private async read(response: Response): Promise<unknown> {
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw new NoAnswer(error instanceof Error ? error.message : ""); // it broke off in the middle
    }
    if (!text) return null;
    if (!response.headers.get("Content-Type")?.includes("json")) {
      if (response.ok) throw new NoAnswer("not JSON"); // a hotel's or a proxy's own page in between
      return null;
    }
    try {
      return JSON.parse(text);
    } catch {
      throw new NoAnswer("cut JSON");
    }
  }
}
