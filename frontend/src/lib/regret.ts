// A few seconds in which what was just decided can be taken back; then it goes out. The next decision sends the last one on its way.
const SPAN = 6_000; // milliseconds

type Pending = { run: (last: boolean) => Promise<void>; back: () => void; timer: number };

export class Regret {
  private pending: Pending | null = null;

  constructor(private readonly bar: HTMLElement | null) {
    bar?.querySelector("[data-desk-undo-button]")?.addEventListener("click", () => this.back());
    window.addEventListener("pagehide", () => this.flush(true));
  }

  wait(label: string, run: (last: boolean) => Promise<void>, back: () => void): void {
    this.pending = { run, back, timer: window.setTimeout(() => this.flush(), SPAN) };
    if (!this.bar) return;
    const text = this.bar.querySelector("[data-desk-undo-words]");
    if (text) text.textContent = label;
    this.bar.hidden = false;
    this.bar.classList.remove("is-running");
    void this.bar.offsetWidth; // the bar runs down anew
    this.bar.classList.add("is-running");
  }

  back(): void {
    this.taken()?.back();
  }

  flush(last = false): void {
    void this.taken()?.run(last);
  }

  private taken(): Pending | null {
    const due = this.pending;
    if (due) window.clearTimeout(due.timer);
    this.pending = null;
    if (this.bar) this.bar.hidden = true;
    return due;
  }
}
