// Filling in a return: every change is saved by itself, and the answer says at the field what is wrong and what to write instead.
import { fieldsOf, paste, rowsOf, setField, walkBoxes, walkGrid, type Field } from "./lib/grid";
import { Rows } from "./lib/returnrows";
import { drawIndex, drawStops } from "./lib/returnstands";
import { Sending } from "./lib/sending";
import { toast } from "./lib/toast";
import { Troubles, type Clash, type Trouble } from "./lib/troubles";
import { Unsent, day } from "./lib/typed";
import { fill } from "./lib/words";

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
  let answer = first;
  const sending: Sending<Answer> = new Sending(page, unsent, phrase, () => answer.version, (said) => {
    troubles.clash(said.clashes);
    take(said);
  });
  const rows = new Rows(page, (nothing) => {
    put(nothing.name, "");
    fold();
  });

  const fields = (): Field[] => fieldsOf(form!);
  const fieldAt = (place: string): Field | null => {
    const found = document.getElementById(place);
    return found?.matches("[data-ret-box]") ? (found as Field) : null;
  };

  // What is typed goes out a moment later; one request at a time, so that the answers come in order.
  function put(place: string, now: string): void {
    unsent.put(place, now);
    sending.soon();
  }

  function typed(field: Field): void {
    put(field.name, field.dataset.retBox === "date" ? day(field.value, Number(page.dataset.year), Number(page.dataset.month)) : field.value);
    field.closest("[data-box]")?.classList.remove("is-moved");
  }

  // An answer: what is wrong now, and what others wrote where nothing of ours waits.
  function take(said: Answer): void {
    answer = said;
    if (said.values && said.rows) theirs(said.values, said.rows);
    draw();
  }

  function theirs(values: Record<string, string>, standing: Record<string, string[]>): void {
    unsent.stands(values);
    for (const [panel, ids] of Object.entries(standing)) {
      const grid = one(`[data-ret-grid="${panel}"]`);
      if (!grid) continue;
      const here = new Map(rowsOf(grid).map((row) => [row.dataset.rowId ?? "", row]));
      for (const id of ids) if (!here.has(id) && !unsent.has(`d:${panel}:${id}`)) rows.fresh(panel, id);
      for (const [id, row] of here) if (!ids.includes(id) && !fieldsOf(row).some((field) => unsent.has(field.name) || field === document.activeElement)) rows.drop(row);
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
    if (mine) sending.soon(0);
    draw();
  }

  // The page.
  function draw(): void {
    troubles.draw(answer.troubles);
    fold();
    drawIndex(page, answer, phrase);
    drawStops(page, answer.troubles, troubles.loud, phrase);
    for (const area of page.querySelectorAll<HTMLTextAreaElement>("textarea")) grow(area);
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
    sending.soon(100);
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target as HTMLElement;
    if (!field.matches("[data-ret-box]")) return;
    const grid = field.closest<HTMLElement>("[data-ret-grid]");
    if (grid) walkGrid(event, grid, () => rows.add(grid));
    else walkBoxes(event, form);
  });
  form.addEventListener("paste", (event) => {
    const field = event.target as Field;
    if (!field.matches("[data-ret-box]")) return;
    const taken = paste(event.clipboardData?.getData("text/plain") ?? "", field, form, (grid) => rows.add(grid));
    if (!taken.length) return;
    event.preventDefault();
    for (const filled of taken) {
      if (filled.dataset.retBox === "date") filled.value = day(filled.value, Number(page.dataset.year), Number(page.dataset.month));
      typed(filled);
    }
    sending.soon(100);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void sending.flush();
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
      const row = grid && rows.add(grid);
      if (row) fieldsOf(row)[0]?.focus();
    }
    const gone = target.closest("[data-ret-remove]")?.closest<HTMLElement>("tr[data-row-id]");
    if (gone && (!fieldsOf(gone).some((field) => field.value) || window.confirm(phrase("remove")))) {
      const panel = gone.closest<HTMLElement>("[data-ret-grid]")?.dataset.retGrid ?? "";
      put(`d:${panel}:${gone.dataset.rowId ?? ""}`, "1");
      rows.drop(gone);
      sending.soon(0);
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
    sending.soon(0);
  }

  const hand = one<HTMLFormElement>("[data-ret-hand-in]");
  hand?.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    void (async () => {
      await sending.flush();
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
    if (document.hidden || sending.busy) return;
    try {
      const response = await fetch(`${page.dataset.standing ?? ""}?seen=${answer.version}`, { credentials: "same-origin", headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (response.status !== 200 || response.redirected || !(response.headers.get("Content-Type") ?? "").includes("json")) return;
      const said = (await response.json()) as Answer;
      if (!sending.busy) take(said);
    } catch {
      // Without a network nothing new is heard; what is typed says so by itself.
    }
  }

  window.addEventListener("online", () => sending.soon(0));
  window.addEventListener("pagehide", () => void sending.flush(true));
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
    if (kind === "d") page.querySelectorAll<HTMLElement>(`[data-ret-grid="${panel ?? ""}"] tr[data-row-id="${row ?? ""}"]`).forEach((gone) => rows.drop(gone));
    if (kind === "r" && !fieldAt(place)) rows.fresh(panel ?? "", row ?? "");
    const field = fieldAt(place);
    if (field) setField(field, text);
    const box = one<HTMLInputElement>(`input[name="${place}"][data-ret-nothing]`);
    if (box) box.checked = Boolean(text);
    unsent.put(place, text);
  }
  if (Object.keys(left).length) {
    toast(phrase("recovered", { n: Object.keys(left).length }));
    sending.soon(0);
  }
  draw();
}
