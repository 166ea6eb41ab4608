// Rows and boxes by keyboard: Enter and arrows walk, a block from a spreadsheet falls into the boxes it covers.
import { block } from "./typed";

export type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
const FIELD = "[data-ret-box]";

export const rowsOf = (grid: Element): HTMLTableRowElement[] => Array.from(grid.querySelectorAll<HTMLTableRowElement>("tbody tr[data-row-id]"));
export const fieldsOf = (row: ParentNode): Field[] => Array.from(row.querySelectorAll<Field>(FIELD));

// A choice takes its words as well as its code; what is none of them is kept and shown, and the server says what may stand there.
export function setField(field: Field, words: string): void {
  if (!(field instanceof HTMLSelectElement)) {
    field.value = words;
    return;
  }
  const options = Array.from(field.options);
  const found = options.find((one) => one.value === words || one.textContent?.trim() === words);
  if (!found) {
    const other = document.createElement("option");
    other.value = other.textContent = words;
    field.append(other);
  }
  field.value = found ? found.value : words;
}

function edge(field: Field, way: "start" | "end"): boolean {
  if (field instanceof HTMLSelectElement) return false;
  const [from, to] = [field.selectionStart ?? 0, field.selectionEnd ?? 0];
  if (from === 0 && to === field.value.length) return true;
  return way === "start" ? to === 0 : from === field.value.length;
}

function lands(field: Field | undefined): boolean {
  if (!field) return false;
  field.focus();
  if (!(field instanceof HTMLSelectElement)) field.select();
  return true;
}

// In a table of rows. `add` makes another row, or says no when the panel is full.
export function walkGrid(event: KeyboardEvent, grid: HTMLElement, add: () => HTMLTableRowElement | null): void {
  const field = event.target as Field;
  const row = field.closest<HTMLTableRowElement>("tr[data-row-id]");
  if (!row || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = rowsOf(grid);
  const [at, column] = [rows.indexOf(row), fieldsOf(row).indexOf(field)];
  const to = (line: HTMLTableRowElement | undefined | null, place: number): boolean => lands(line ? fieldsOf(line)[place] : undefined);
  let went = false;
  if (event.key === "Enter" && !event.shiftKey) went = to(rows[at + 1] ?? add(), column) || true;
  else if (field instanceof HTMLSelectElement) return;
  else if (event.key === "ArrowDown" && (field instanceof HTMLInputElement || edge(field, "end"))) went = to(rows[at + 1], column);
  else if (event.key === "ArrowUp" && (field instanceof HTMLInputElement || edge(field, "start"))) went = to(rows[at - 1], column);
  else if (event.key === "ArrowRight" && edge(field, "end")) went = to(row, column + 1);
  else if (event.key === "ArrowLeft" && edge(field, "start")) went = to(row, column - 1);
  if (went) event.preventDefault();
}

// Among boxes below one another: Enter and down go on, up goes back.
export function walkBoxes(event: KeyboardEvent, root: HTMLElement): void {
  const field = event.target as Field;
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement) return;
  const by = event.key === "Enter" || event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!by) return;
  const all = Array.from(root.querySelectorAll<Field>(`.ret-boxes ${FIELD}`)).filter((one) => one.offsetParent !== null);
  event.preventDefault();
  lands(all[all.indexOf(field) + by]);
}

// Answers which fields took something; none when it was no block and may be pasted as ever.
export function paste(text: string, field: Field, root: HTMLElement, add: (grid: HTMLElement) => HTMLTableRowElement | null): Field[] {
  const cells = block(text);
  if (cells.length === 1 && cells[0]?.length === 1) return [];
  const taken: Field[] = [];
  const put = (to: Field | undefined, words: string): void => {
    if (!to) return;
    setField(to, words);
    taken.push(to);
  };
  const grid = field.closest<HTMLElement>("[data-ret-grid]");
  const row = field.closest<HTMLTableRowElement>("tr[data-row-id]");
  if (grid && row) {
    const [from, column] = [rowsOf(grid).indexOf(row), fieldsOf(row).indexOf(field)];
    cells.forEach((line, by) => {
      const into = rowsOf(grid)[from + by] ?? add(grid);
      if (into) line.forEach((words, at) => put(fieldsOf(into)[column + at], words));
    });
    return taken;
  }
  const all = Array.from(root.querySelectorAll<Field>(`.ret-boxes ${FIELD}`)).filter((one) => one.offsetParent !== null);
  const from = all.indexOf(field);
  (cells.length === 1 ? (cells[0] ?? []) : cells.map((line) => line[0] ?? "")).forEach((words, by) => put(all[from + by], words));
  return taken;
}
