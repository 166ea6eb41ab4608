// When to sync: on opening, when the network is back, every few minutes, and after something was done. Background Sync is absent in
// WeChat's and iOS's web views, so none of this leans on it.
import type { Outcome } from "./sync";

const REST_MS = 3 * 60_000;
const BACKOFF_MS = [5_000, 15_000, 45_000, 120_000];

export interface PulseOptions {
  outcome: (outcome: Outcome) => void;
  began: () => void;
}

export class Pulse {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private again = false;
  private stopped = false;
  private readonly soon = (): void => void this.now();
  private readonly seen = (): void => {
    if (document.visibilityState === "visible") void this.now();
  };

  constructor(
    private readonly engine: { run(): Promise<Outcome> },
    private readonly options: PulseOptions,
  ) {}

  start(): void {
    addEventListener("online", this.soon);
    document.addEventListener("visibilitychange", this.seen);
    void this.now();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.soon);
    document.removeEventListener("visibilitychange", this.seen);
  }

  /** One run now; when one is under way, another right after it. */
  async now(): Promise<Outcome> {
    clearTimeout(this.timer);
    this.options.began();
    const outcome = await this.engine.run();
    if (outcome === "busy") {
      this.again = true;
      return outcome;
    }
    this.failures = outcome === "offline" ? this.failures + 1 : 0;
    this.options.outcome(outcome);
    if (!this.stopped) {
      const pause = this.again ? 50 : outcome === "offline" ? (BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length) - 1] ?? REST_MS) : REST_MS;
      this.again = false;
      this.timer = setTimeout(() => void this.now(), pause);
    }
    return outcome;
  }
}
