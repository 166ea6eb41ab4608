// Filling in a return: every change is saved by itself, and the answer says at the field what is wrong and what to write instead.
import { fieldsOf, paste, rowsOf, setField, walkBoxes, walkGrid, type Field } from "./lib/grid";
import { uuid } from "./lib/key";
import { toast } from "./lib/toast";
import { Troubles, type Clash, type Trouble } from "./lib/troubles";
import { Unsent, day } from "./lib/typed";
import { fill } from "./lib/words";

const PAUSE = 600; // milliseconds after the last touch
const AGAIN = 5_000;
const LOOK = 20_000;
const NONE = "不涉及";

type Answer = {
  version: number;
  state: string;
  at: string;
  troubles: Trouble[];
  sections: Record<string, string>;
  stopping: number;
  values: Record<string, string> | null;
  rows: Record<string, string[]> | null;
  clashes: Record<string, Clash>;
};
type Refusal = { words: string; code: string };

const read = <T>(id: string): T => JSON.parse(document.getElementById(id)?.textContent ?? "null") as T;
const root = document.querySelector<HTMLElement>("[data-return]");
if (root) start(root, read<Record<string, string>>("ret-words"), read<Answer>("ret-answer"));

export function start(page: HTMLElement, words: Record<string, string>, first: Answer): void {
  const phrase = (key: string, values: Record<string, string | number> = {}): string => fill(words[key] ?? key, values);
  const one = <E extends HTMLElement = HTMLElement>(selector: string): E | null => page.querySelector<E>(selector);
  const form = one<HTMLFormElement>("[data-ret-form]");
  if (!form) return;
  const unsent = new Unsent(`return:${document.body.dataset.user ?? ""}:${page.dataset.key ?? ""}`);
  const troubles = new Troubles(page, phrase, put, decided);
  const status = one("[data-ret-saved]");
  let answer = first;
  let sending: Promise<void> | null = null;
  let timer = 0;
  let down = false;

  const fields = (): Field[] => fieldsOf(form!);
  const fieldAt = (place: string): Field | null => {
    const found = document.getElementById(place);
    return found?.matches("[data-ret-box]") ? (found as Field) : null;
  };

  // Rows.
  function freshRow(panel: string, id: string): HTMLTableRowElement | null {
    const grid = one(`[data-ret-grid="${panel}"]`);
    const form_ = one<HTMLTemplateElement>(`template[data-ret-row="${panel}"]`);
    const body = grid?.querySelector("tbody");
    if (!body || !form_) return null;
    const holder = document.createElement("tbody");
    holder.innerHTML = form_.innerHTML.split("__id__").join(id);
    const row = holder.querySelector<HTMLTableRowElement>("tr[data-row-id]");
    body.append(...Array.from(holder.children));
    number(grid!);
    return row;
  }

  function addRow(grid: HTMLElement): HTMLTableRowElement | null {
    const panel = grid.dataset.retGrid ?? "";
    const nothing = one<HTMLInputElement>(`input[name="n:${panel}"]`);
    if (nothing?.checked) {
      nothing.checked = false;
      put(nothing.name, "");
      fold();
    }
    return freshRow(panel, uuid().slice(-12));
  }

  function number(grid: HTMLElement): void {
    rowsOf(grid).forEach((row, at) => {
      const head = row.querySelector("[data-ret-number]");
      if (head) head.textContent = String(at + 1);
    });
  }

  function dropRow(row: HTMLElement): void {
    const grid = row.closest<HTMLElement>("[data-ret-grid]");
    row.nextElementSibling?.matches("[data-row-says]") && row.nextElementSibling.remove();
    row.remove();
    if (grid) number(grid);
  }

  // What is typed goes out a moment later; one request at a time, so that the answers come in order.
  function put(place: string, now: string): void {
    unsent.put(place, now);
    soon(PAUSE);
  }

  function typed(field: Field): void {
    put(field.name, field.dataset.retBox === "date" ? day(field.value, Number(page.dataset.year), Number(page.dataset.month)) : field.value);
    field.closest("[data-box]")?.classList.remove("is-moved");
  }

  function soon(wait: number): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void flush(), wait);
  }

  async function flush(last = false): Promise<void> {
    if (sending) await sending;
    if (!unsent.waits) return;
    window.clearTimeout(timer);
    sending = send(last).finally(() => (sending = null));
    await sending;
  }

  async function send(last: boolean): Promise<void> {
    const changes = unsent.take();
    if (!down) tell("saving", "");
    try {
      const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
      const response = await fetch(page.dataset.save ?? "", {
        method: "POST",
        body: JSON.stringify({ seen: answer.version, changes }),
        keepalive: last,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" },
      });
      if (response.redirected || !(response.headers.get("Content-Type") ?? "").includes("json")) return lost(response.redirected || response.status === 403 ? "signed_out" : "offline");
      const said = (await response.json()) as Answer & Refusal;
      if (!response.ok) return refused(said);
      down = false;
      unsent.saved(said.clashes);
      troubles.clash(said.clashes);
      take(said);
      tell("saved", said.at);
      if (unsent.waits) soon(PAUSE);
    } catch {
      lost("offline");
    }
  }

  function lost(why: "offline" | "signed_out"): void {
    unsent.failed();
    down = true;
    status?.classList.add("is-down");
    if (status) status.textContent = phrase(why, { n: unsent.count });
    soon(AGAIN);
  }

  function refused(said: Refusal): void {
    unsent.failed();
    if (said.code === "flow.wrong_state" || said.code === "flow.not_yours") {
      toast(phrase("gone"), "warning");
      window.setTimeout(() => location.reload(), 2_000);
      return;
    }
    status?.classList.add("is-down");
    if (status) status.textContent = phrase("refused", { words: said.words });
  }

  function tell(key: string, at: string): void {
    status?.classList.remove("is-down");
    if (status) status.textContent = phrase(key, { at });
  }

  // An answer: what is wrong now, and what others wrote where nothing of ours waits.
  function take(said: Answer): void {
    answer = said;
    if (said.values && said.rows) theirs(said.values, said.rows);
    draw();
  }

  function theirs(values: Record<string, string>, rows: Record<string, string[]>): void {
    unsent.stands(values);
    for (const [panel, ids] of Object.entries(rows)) {
      const grid = one(`[data-ret-grid="${panel}"]`);
      if (!grid) continue;
      const here = new Map(rowsOf(grid).map((row) => [row.dataset.rowId ?? "", row]));
      for (const id of ids) if (!here.has(id) && !unsent.has(`d:${panel}:${id}`)) freshRow(panel, id);
      for (const [id, row] of here) if (!ids.includes(id) && !fieldsOf(row).some((field) => unsent.has(field.name) || field === document.activeElement)) dropRow(row);
    }
    for (const field of fields()) {
      const there = values[field.name] ?? "";
      if (unsent.has(field.name) || field.value === there) continue;
      setField(field, there);
      const box = field.closest<HTMLElement>("[data-box]");
      box?.classList.add("is-moved");
      if (box) box.title = phrase("changed");
    }
    for (const box of page.querySelectorAll<HTMLInputElement>("[data-ret-nothing]")) if (!unsent.has(box.name)) box.checked = Boolean(values[box.name]);
  }

  function decided(place: string, mine: boolean, other: string): void {
    const field = fieldAt(place);
    unsent.settle(place, mine);
    if (!mine && field) setField(field, other);
    if (mine) soon(0);
    draw();
  }

  // The page.
  function draw(): void {
    troubles.draw(answer.troubles);
    fold();
    for (const link of page.querySelectorAll<HTMLElement>("[data-ret-link]")) {
      const code = link.dataset.retLink ?? "";
      link.dataset.mark = answer.sections[code] ?? "";
      const count = answer.troubles.filter((trouble) => trouble.panel === code && trouble.stops && !trouble.unwritten).length;
      const holder = link.querySelector("[data-ret-count]");
      if (holder) holder.textContent = count ? String(count) : "";
    }
    const marks = Object.values(answer.sections);
    const done = marks.filter((mark) => mark === "done").length;
    const bar = one<HTMLProgressElement>("[data-ret-progress]");
    if (bar) bar.value = done;
    const progress = one("[data-ret-progress-words]");
    if (progress) progress.textContent = phrase("panels", { done, all: marks.length });
    summary();
    for (const area of page.querySelectorAll<HTMLTextAreaElement>("textarea")) grow(area);
  }

  function summary(): void {
    const holder = one("[data-ret-stops]");
    const list = one("[data-ret-stop-list]");
    const title = one("[data-ret-stops-title]");
    if (!holder || !list || !title) return;
    const stopping = answer.troubles.filter((trouble) => trouble.stops);
    const items: HTMLElement[] = [];
    const blank = new Map<string, Trouble[]>();
    for (const trouble of stopping) {
      if (trouble.unwritten && trouble.places.length) blank.set(trouble.panel, [...(blank.get(trouble.panel) ?? []), trouble]);
      else items.push(item(trouble.panel, trouble.message, trouble.places[0] ?? "", trouble.instead, trouble.row));
    }
    if (troubles.loud) for (const [panel, some] of blank) items.push(item(panel, some.length === 1 ? (some[0]?.message ?? "") : phrase("blank", { n: some.length }), some[0]?.places[0] ?? "", "", 0));
    list.replaceChildren(...items);
    title.textContent = stopping.length ? phrase("stops", { n: stopping.length }) : phrase("ready");
    holder.hidden = !items.length;
    one("[data-ret-hand-in]")?.classList.toggle("is-ready", !stopping.length);
  }

  function item(panel: string, message: string, place: string, instead: string, row: number): HTMLElement {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${place}`;
    link.dataset.retTo = place;
    const strong = document.createElement("strong");
    strong.textContent = document.getElementById(`t-${panel}`)?.lastChild?.textContent ?? "";
    link.append(strong, ` ${row ? `${phrase("row", { n: row })} ` : ""}${message}`);
    line.append(link);
    if (instead) {
      const more = document.createElement("span");
      more.className = "muted";
      more.textContent = ` ${instead}`;
      line.append(more);
    }
    return line;
  }

  function goTo(place: string): void {
    const field = fieldAt(place);
    const target = field ?? document.getElementById(place);
    field?.closest("details")?.setAttribute("open", "");
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  }

  function fold(): void {
    for (const section of page.querySelectorAll<HTMLElement>("[data-ret-section]")) {
      const nothing = section.querySelector<HTMLInputElement>("[data-ret-nothing]")?.checked ?? false;
      section.classList.toggle("is-none", nothing && !fieldsOf(section).some((field) => field.value));
    }
  }

  function grow(area: HTMLTextAreaElement): void {
    area.style.height = "auto";
    if (area.scrollHeight) area.style.height = `${Math.min(area.scrollHeight + 2, 160)}px`;
  }

  // Touches.
  form.addEventListener("input", (event) => {
    const field = event.target as Field;
    if (field instanceof HTMLTextAreaElement) grow(field);
    if (field.matches("[data-ret-box]") && !(event as InputEvent).isComposing) typed(field);
  });
  form.addEventListener("compositionend", (event) => (event.target as Field).matches("[data-ret-box]") && typed(event.target as Field));
  form.addEventListener("change", (event) => {
    const field = event.target as Field;
    if (field.matches("[data-ret-nothing]")) {
      put(field.name, (field as HTMLInputElement).checked ? "1" : "");
      fold();
    } else if (field.matches("[data-ret-box]")) {
      if (field.dataset.retBox === "date") field.value = day(field.value, Number(page.dataset.year), Number(page.dataset.month));
      typed(field);
    }
    soon(100);
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target as HTMLElement;
    if (!field.matches("[data-ret-box]")) return;
    const grid = field.closest<HTMLElement>("[data-ret-grid]");
    if (grid) walkGrid(event, grid, () => addRow(grid));
    else walkBoxes(event, form);
  });
  form.addEventListener("paste", (event) => {
    const field = event.target as Field;
    if (!field.matches("[data-ret-box]")) return;
    const taken = paste(event.clipboardData?.getData("text/plain") ?? "", field, form, addRow);
    if (!taken.length) return;
    event.preventDefault();
    for (const filled of taken) {
      if (filled.dataset.retBox === "date") filled.value = day(filled.value, Number(page.dataset.year), Number(page.dataset.month));
      typed(filled);
    }
    soon(100);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void flush();
  });
  page.addEventListener("click", (event) => {
    const target = event.target as Element;
    const jump = target.closest<HTMLElement>("[data-ret-to]");
    if (jump) {
      event.preventDefault();
      return goTo(jump.dataset.retTo ?? "");
    }
    const add = target.closest<HTMLElement>("[data-ret-add]");
    if (add) {
      const grid = one(`[data-ret-grid="${add.dataset.retAdd ?? ""}"]`);
      const row = grid && addRow(grid);
      if (row) fieldsOf(row)[0]?.focus();
    }
    const gone = target.closest("[data-ret-remove]")?.closest<HTMLElement>("tr[data-row-id]");
    if (gone && (!fieldsOf(gone).some((field) => field.value) || window.confirm(phrase("remove")))) {
      const panel = gone.closest<HTMLElement>("[data-ret-grid]")?.dataset.retGrid ?? "";
      put(`d:${panel}:${gone.dataset.rowId ?? ""}`, "1");
      dropRow(gone);
      soon(0);
    }
    const no = target.closest<HTMLElement>("[data-ret-no]");
    if (no) write(no.dataset.retNo ?? "", NONE);
    const counted = target.closest<HTMLElement>("[data-ret-take]");
    if (counted) write(counted.dataset.retTake ?? "", counted.dataset.figure ?? "");
    if (target.closest("[data-ret-take-all]")) {
      for (const button of page.querySelectorAll<HTMLElement>("[data-ret-take]")) if (!fieldAt(button.dataset.retTake ?? "")?.value) write(button.dataset.retTake ?? "", button.dataset.figure ?? "");
      target.closest("[data-ret-take-all]")?.remove();
    }
  });

  function write(place: string, text: string): void {
    const field = fieldAt(place);
    if (!field) return;
    setField(field, text);
    typed(field);
    soon(0);
  }

  const hand = one<HTMLFormElement>("[data-ret-hand-in]");
  hand?.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    void (async () => {
      await flush();
      if (unsent.count) return toast(phrase("not_yet"), "warning");
      if (!answer.stopping) return hand.submit();
      troubles.loud = true;
      draw();
      const holder = one("[data-ret-stops]");
      holder?.scrollIntoView({ block: "start" });
      holder?.focus({ preventScroll: true });
      toast(phrase("look"), "warning");
    })();
  });

  async function look(): Promise<void> {
    if (document.hidden || sending || unsent.waits) return;
    try {
      const response = await fetch(`${page.dataset.standing ?? ""}?seen=${answer.version}`, { credentials: "same-origin", headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (response.status !== 200 || response.redirected || !(response.headers.get("Content-Type") ?? "").includes("json")) return;
      const said = (await response.json()) as Answer;
      if (!sending && !unsent.waits) take(said);
    } catch {
      // Without a network nothing new is heard; what is typed says so by itself.
    }
  }

  window.addEventListener("online", () => soon(0));
  window.addEventListener("pagehide", () => void flush(true));
  window.addEventListener("beforeunload", (event) => {
    if (unsent.count && !unsent.keep()) event.preventDefault(); // nothing can be kept on this device: ask before leaving
  });
  window.setInterval(() => void look(), LOOK);
  document.addEventListener("visibilitychange", () => void look());

  troubles.loud = page.dataset.loud === "1";
  unsent.stands(first.values ?? {});
  const left = unsent.left();
  for (const [place, text] of Object.entries(left)) {
    const [kind, panel, row] = place.split(":");
    if (kind === "d") page.querySelectorAll<HTMLElement>(`[data-ret-grid="${panel ?? ""}"] tr[data-row-id="${row ?? ""}"]`).forEach(dropRow);
    if (kind === "r" && !fieldAt(place)) freshRow(panel ?? "", row ?? "");
    const field = fieldAt(place);
    if (field) setField(field, text);
    const box = one<HTMLInputElement>(`input[name="${place}"][data-ret-nothing]`);
    if (box) box.checked = Boolean(text);
    unsent.put(place, text);
  }
  if (Object.keys(left).length) {
    toast(phrase("recovered", { n: Object.keys(left).length }));
    soon(0);
  }
  draw();
}
