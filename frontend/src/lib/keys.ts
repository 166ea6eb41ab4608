import { openDialog } from "./dialogs";
import { foldMenu } from "./menu";

let row = -1;

function walk(by: number): void {
  const rows = Array.from(document.querySelectorAll<HTMLTableRowElement>(".table-cards tbody tr"));
  if (!rows.length) return;
  rows[row]?.classList.remove("is-here");
  row = Math.min(rows.length - 1, Math.max(0, row + by));
  rows[row]?.classList.add("is-here");
  rows[row]?.scrollIntoView({ block: "nearest" });
}

const here = (): HTMLTableRowElement | null => document.querySelector<HTMLTableRowElement>("tr.is-here");

const ACTS: Record<string, () => void> = {
  "/": () => document.querySelector<HTMLInputElement>("[data-search]")?.focus(),
  "?": () => {
    const help = document.getElementById("shortcuts");
    if (help instanceof HTMLDialogElement) openDialog(help);
  },
  f: () => document.querySelector<HTMLElement>("[data-filter] input:not([type=hidden]), [data-filter] select")?.focus(),
  j: () => walk(1),
  k: () => walk(-1),
  m: foldMenu,
  n: () => document.querySelector<HTMLAnchorElement>("[data-new]")?.click(),
  x: () => here()?.querySelector<HTMLInputElement>("[data-row-check]")?.click(),
};

export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && here() && document.activeElement === document.body) {
      const href = here()?.dataset.href;
      if (href) location.assign(href);
      return;
    }
    const act = ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
