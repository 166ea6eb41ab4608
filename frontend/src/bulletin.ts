// The sections of a bulletin are written where they stand. The text is lines in a textarea, as the server takes it; here it becomes
// paragraphs and headings, with figures as pieces that one can move and delete but not write in.
import { uuid } from "./lib/key";
import { blocksOf, linesOf, type Block } from "./lib/bulletin";
import { say } from "./lib/words";

type Chip = { words: string; label: string; typed: boolean; url: string };
const PAUSE = 1500;
const figures: Record<string, Chip> = JSON.parse(document.getElementById("bulletin-figures")?.textContent ?? "{}");

function chip(code: string): HTMLElement {
  const one = figures[code];
  const span = document.createElement("span");
  span.className = one?.typed ? "figure-chip is-typed" : "figure-chip";
  span.contentEditable = "false";
  span.dataset.figure = code;
  span.title = one?.label ?? code;
  span.textContent = one?.words ?? `{${code}}`;
  return span;
}

function draw(block: Block): HTMLElement {
  const element = document.createElement(block.heading ? "h3" : "p");
  for (const part of block.parts) element.append(part.code ? chip(part.code) : part.text);
  if (!block.parts.length) element.append(document.createElement("br"));
  return element;
}

function place(sheet: HTMLElement, node: Node): void {
  const selection = window.getSelection();
  const range = selection?.rangeCount && sheet.contains(selection.anchorNode) ? selection.getRangeAt(0) : null;
  if (range) {
    range.deleteContents();
    range.insertNode(node);
    range.setStartAfter(node);
    range.collapse(true);
    selection?.removeAllRanges();
    selection?.addRange(range);
  } else {
    (sheet.lastElementChild ?? sheet).append(node);
  }
}

function start(form: HTMLFormElement): void {
  const code = form.dataset.bulletinEditor ?? "";
  const read = document.querySelector<HTMLElement>(`[data-bulletin-read="${code}"]`);
  const text = form.querySelector("textarea");
  const open = document.querySelector<HTMLButtonElement>(`[data-bulletin-open="${code}"]`);
  const note = form.querySelector<HTMLElement>("[data-bulletin-note]");
  const insert = form.querySelector<HTMLSelectElement>("[data-bulletin-insert]");
  if (!text || !open) return;
  const sheet = document.createElement("div");
  sheet.className = "bulletin-text bulletin-sheet";
  sheet.contentEditable = "true";
  sheet.setAttribute("role", "textbox");
  sheet.setAttribute("aria-multiline", "true");
  sheet.setAttribute("aria-label", document.querySelector(`#section-${code} .card-title`)?.textContent?.trim() ?? "");
  text.hidden = true;
  text.after(sheet);
  sheet.append(...blocksOf(text.value).map(draw));
  let waiting = 0;
  let saving: Promise<boolean> | null = null;
  let dirty = false;

  const tell = (words: string, wrong = false): void => {
    if (note) note.textContent = words;
    note?.classList.toggle("is-wrong", wrong);
  };

  async function send(): Promise<boolean> {
    if (!dirty) return true;
    dirty = false;
    tell(note?.dataset.saving ?? "");
    (form.elements.namedItem("idempotency_key") as HTMLInputElement).value = uuid();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer) {
      dirty = true;
      tell(say("offline"), true);
      return false;
    }
    const told = (await answer.json().catch(() => ({}))) as { version?: number; saved?: string; wrong?: string[] };
    if (!answer.ok) {
      tell((told.wrong ?? [String(answer.status)]).join(" "), true);
      return false;
    }
    (form.elements.namedItem("seen") as HTMLInputElement).value = String(told.version ?? "");
    tell(`${note?.dataset.saved ?? ""} ${told.saved ?? ""}`);
    return true;
  }

  // One after the other: what was typed while one was under way goes with the next.
  const save = async (): Promise<boolean> => {
    window.clearTimeout(waiting);
    while (saving) await saving;
    saving = send().finally(() => (saving = null));
    return saving;
  };

  const changed = (): void => {
    if (text) text.value = linesOf(sheet);
    dirty = true;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void save(), PAUSE);
  };

  open.addEventListener("click", () => {
    form.hidden = false;
    if (read) read.hidden = true;
    open.hidden = true;
    document.execCommand("defaultParagraphSeparator", false, "p");
    sheet.focus();
  });
  sheet.addEventListener("input", changed);
  // A figure takes no caret: pressing it means behind it.
  sheet.addEventListener("click", (event) => {
    const pressed = (event.target as HTMLElement).closest("[data-figure]");
    if (!pressed) return;
    sheet.focus();
    const range = document.createRange();
    range.setStartAfter(pressed);
    const selection = window.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
  });
  form.querySelector("input[name=title]")?.addEventListener("input", changed);
  sheet.addEventListener("paste", (event) => {
    event.preventDefault();
    const plain = event.clipboardData?.getData("text/plain") ?? "";
    document.execCommand("insertText", false, plain);
  });
  insert?.addEventListener("change", () => {
    if (!insert.value) return;
    place(sheet, chip(insert.value));
    insert.value = "";
    changed();
  });
  form.querySelector("[data-bulletin-heading]")?.addEventListener("click", () => {
    sheet.focus();
    const now = String(document.queryCommandValue("formatBlock")).toLowerCase();
    document.execCommand("formatBlock", false, now === "h3" ? "p" : "h3");
    changed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    void save().then((done) => done && window.location.reload());
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}

document.querySelectorAll<HTMLFormElement>("[data-bulletin-editor]").forEach(start);
