// What is wrong, drawn at the field: what it is, what to write instead, and a box for the reason where a reason heals it.
export type Trouble = { key: string; severity: "error" | "reason" | "warning"; panel: string; places: string[]; row: number; message: string; instead: string; reason: string; unwritten: boolean; stops: boolean; behind?: string };
export type Clash = { words: string; by: string };
export type Say = (key: string, values?: Record<string, string | number>) => string;

const make = <K extends keyof HTMLElementTagNameMap>(tag: K, name: string, words = ""): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (words) made.textContent = words;
  return made;
};

export class Troubles {
  private notes = new Map<string, HTMLElement>();
  private clashes = new Map<string, Clash>();
  loud = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly phrase: Say,
    private readonly typed: (place: string, words: string) => void,
    private readonly decided: (place: string, mine: boolean, words: string) => void,
  ) {}

  clash(found: Record<string, Clash>): void {
    for (const [place, one] of Object.entries(found)) this.clashes.set(place, one);
  }

  // Notes that stay are the same elements: whoever writes a reason keeps the cursor.
  draw(all: Trouble[]): void {
    const holders = new Map<HTMLElement, HTMLElement[]>();
    const marks = new Map<string, string>();
    const keep = new Map<string, HTMLElement>();
    const add = (holder: HTMLElement | null, id: string, note: HTMLElement): void => {
      if (!holder) return;
      holders.set(holder, [...(holders.get(holder) ?? []), note]);
      keep.set(id, note);
    };
    for (const [place, clash] of this.clashes) add(this.holder(place, ""), `clash ${place}`, this.clashNote(place, clash));
    for (const one of all) {
      if (one.unwritten && !this.loud) continue;
      for (const place of one.places) marks.set(place, one.stops ? "has-error" : (marks.get(place) ?? "has-word"));
      const place = one.places[0] ?? "";
      add(this.holder(place, one.panel), one.key + place, this.note(one, place));
    }
    const focused = document.activeElement instanceof HTMLElement && this.root.contains(document.activeElement) ? document.activeElement : null;
    for (const holder of this.root.querySelectorAll<HTMLElement>(".ret-says")) {
      const notes = holders.get(holder) ?? [];
      if (notes.length !== holder.children.length || notes.some((note, at) => holder.children[at] !== note)) holder.replaceChildren(...notes);
      const row = holder.closest<HTMLElement>("[data-row-says]");
      if (row) row.hidden = !notes.length;
    }
    if (focused && document.activeElement !== focused && focused.isConnected) focused.focus({ preventScroll: true });
    for (const box of this.root.querySelectorAll<HTMLElement>("[data-box]")) {
      const mark = marks.get(box.dataset.box ?? "") ?? "";
      box.classList.toggle("has-error", mark === "has-error" || this.clashes.has(box.dataset.box ?? ""));
      box.classList.toggle("has-word", mark === "has-word");
      box.querySelector("input, select, textarea")?.setAttribute("aria-invalid", String(mark === "has-error"));
    }
    this.notes = keep;
  }

  private holder(place: string, panel: string): HTMLElement | null {
    const own = this.root.querySelector<HTMLElement>(`[data-says="${CSS.escape(place)}"]`);
    if (own) return own;
    const [kind, , row] = place.split(":");
    const inRow = kind === "r" ? this.root.querySelector<HTMLElement>(`[data-row-says="${CSS.escape(row ?? "")}"] .ret-says`) : null;
    return inRow ?? this.root.querySelector<HTMLElement>(`[data-says="${CSS.escape(`p:${panel}`)}"]`);
  }

  private note(one: Trouble, place: string): HTMLElement {
    const id = one.key + place;
    const note = this.notes.get(id) ?? this.fresh(one);
    const healed = one.severity === "reason" && !one.stops;
    note.className = `ret-note is-${one.severity}${healed ? " is-healed" : ""}`;
    const [what, instead] = [note.querySelector(".ret-what"), note.querySelector(".ret-instead")];
    if (what) what.textContent = one.message;
    if (instead) instead.textContent = one.instead;
    const box = note.querySelector<HTMLTextAreaElement>("textarea");
    if (box && document.activeElement !== box && !box.dataset.dirty) box.value = one.reason;
    const hint = note.querySelector(".ret-why-hint");
    if (hint) hint.textContent = this.phrase(healed ? "reason_given" : "reason_hint");
    return note;
  }

  private fresh(one: Trouble): HTMLElement {
    const note = make("div", "ret-note");
    note.dataset.trouble = one.key;
    const words = make("p", "");
    words.append(make("strong", "ret-what"), document.createTextNode(" "), make("span", "ret-instead"));
    if (one.behind) {
      const link = make("a", "", this.phrase("behind"));
      link.href = one.behind;
      link.target = "_blank";
      words.append(" ", link);
    }
    note.append(words);
    if (one.severity === "reason") {
      const label = make("label", "ret-why");
      const box = make("textarea", "form-control");
      box.rows = 1;
      box.name = `w:${one.key}`;
      box.maxLength = 500;
      box.value = one.reason;
      box.addEventListener("input", () => {
        box.dataset.dirty = "1";
        this.typed(box.name, box.value.trim());
      });
      box.addEventListener("change", () => delete box.dataset.dirty);
      label.append(make("span", "ret-why-word", this.phrase("reason")), box, make("span", "ret-why-hint form-hint"));
      note.append(label);
    }
    return note;
  }

  private clashNote(place: string, clash: Clash): HTMLElement {
    const note = make("div", "ret-note is-error");
    const by = clash.by || this.phrase("somebody");
    note.append(make("p", "ret-what", clash.words ? this.phrase("clash", { by, other: clash.words }) : this.phrase("clash_empty", { by })));
    for (const mine of [true, false]) {
      const button = make("button", "btn btn-plain btn-sm", this.phrase(mine ? "use_mine" : "use_theirs"));
      button.type = "button";
      button.addEventListener("click", () => {
        this.clashes.delete(place);
        this.decided(place, mine, clash.words);
      });
      note.append(button);
    }
    return note;
  }
}
