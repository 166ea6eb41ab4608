// What is typed goes out a moment later; one request at a time, so that the answers come in order. What cannot go is kept and tried again.
import { toast } from "./toast";
import type { Clash, Say } from "./troubles";
import type { Unsent } from "./typed";

const AGAIN = 5_000;
const PAUSE = 600; // milliseconds after the last touch

type Saved = { at: string; clashes: Record<string, Clash> };
type Refusal = { words: string; code: string };

export class Sending<Answer extends Saved> {
  private going: Promise<void> | null = null;
  private timer = 0;
  private down = false;
  private readonly status: HTMLElement | null;

  constructor(
    private readonly page: HTMLElement,
    private readonly unsent: Unsent,
    private readonly phrase: Say,
    private readonly seen: () => number,
    private readonly answered: (said: Answer) => void,
  ) {
    this.status = page.querySelector<HTMLElement>("[data-ret-saved]");
  }

  get busy(): boolean {
    return this.going !== null || this.unsent.waits;
  }

  soon(wait = PAUSE): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), wait);
  }

  async flush(last = false): Promise<void> {
    if (this.going) await this.going;
    if (!this.unsent.waits) return;
    window.clearTimeout(this.timer);
    this.going = this.send(last).finally(() => (this.going = null));
    await this.going;
  }

  private async send(last: boolean): Promise<void> {
    const changes = this.unsent.take();
    if (!this.down) this.tell("saving", "");
    try {
      const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
      const response = await fetch(this.page.dataset.save ?? "", {
        method: "POST",
        body: JSON.stringify({ seen: this.seen(), changes }),
        keepalive: last,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" },
      });
      if (response.redirected || !(response.headers.get("Content-Type") ?? "").includes("json")) return this.lost(response.redirected || response.status === 403 ? "signed_out" : "offline");
      const said = (await response.json()) as Answer & Refusal;
      if (!response.ok) return this.refused(said);
      this.down = false;
      this.unsent.saved(said.clashes);
      this.answered(said);
      this.tell("saved", said.at);
      if (this.unsent.waits) this.soon();
    } catch {
      this.lost("offline");
    }
  }

  private lost(why: "offline" | "signed_out"): void {
    this.unsent.failed();
    this.down = true;
    this.show(this.phrase(why, { n: this.unsent.count }), true);
    this.soon(AGAIN);
  }

  private refused(said: Refusal): void {
    this.unsent.failed();
    if (said.code === "flow.wrong_state" || said.code === "flow.not_yours") {
      toast(this.phrase("gone"), "warning");
      window.setTimeout(() => location.reload(), 2_000);
      return;
    }
    this.show(this.phrase("refused", { words: said.words }), true);
  }

  private tell(key: string, at: string): void {
    this.show(this.phrase(key, { at }), false);
  }

  private show(words: string, down: boolean): void {
    this.status?.classList.toggle("is-down", down);
    if (this.status) this.status.textContent = words;
  }
}
