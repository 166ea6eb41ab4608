// <dialog> gives focus trap, Esc and inertness for nothing.
import { say } from "./words";

export function openDialog(dialog: HTMLDialogElement): void {
  if (!dialog.open) dialog.showModal();
}

export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-open]");
    const named = opener && document.getElementById(opener.dataset.open ?? "");
    if (named instanceof HTMLDialogElement) openDialog(named);
    if (target.closest("[data-close]")) target.closest("dialog")?.close();
    const inPanel = target.closest("#panel [data-close-panel]");
    if (inPanel) {
      event.preventDefault();
      closePanel();
    }
    if (target instanceof HTMLDialogElement && target.open && !target.querySelector("form[data-touched]")) target.close(); // the backdrop was hit
    if (target.closest("[data-print]")) window.print();
  });
}

export function panel(): HTMLDialogElement | null {
  return document.getElementById("panel") as HTMLDialogElement | null;
}

export function showPanelLoading(): void {
  const box = panel();
  const body = document.getElementById("panel-body");
  if (!box || !body) return;
  if (!box.open) {
    const wait = document.createElement("p");
    wait.className = "panel-wait";
    wait.textContent = say("loading");
    body.replaceChildren(wait);
  }
  openDialog(box);
}

export function closePanel(): void {
  panel()?.close();
}
