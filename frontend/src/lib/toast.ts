import { say } from "./words";

export type Tone = "info" | "success" | "warning" | "error";

const STAY = { info: 6000, success: 5000, warning: 10000, error: 0 }; // 0: until it is closed; bad news must not slip away

function arm(toast: HTMLElement): void {
  const tone = (["success", "warning", "error"] as const).find((name) => toast.classList.contains(`toast-${name}`)) ?? "info";
  if (STAY[tone]) setTimeout(() => toast.remove(), STAY[tone]);
}

// An open modal dialog covers everything outside it: the toasts move in with it, and out again when it closes.
function raise(holder: HTMLElement): void {
  const open = Array.from(document.querySelectorAll<HTMLDialogElement>("dialog[open]")).pop();
  if (!open || open.contains(holder)) return;
  open.append(holder);
  open.addEventListener("close", () => document.body.append(holder), { once: true });
}

export function toast(words: string, tone: Tone = "info"): void {
  const holder = document.getElementById("toasts");
  if (!holder) return;
  raise(holder);
  const box = document.createElement("div");
  box.className = `toast toast-${tone}`;
  box.dataset.toast = "";
  const text = document.createElement("span");
  text.className = "toast-words";
  text.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-icon toast-x";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", say("close"));
  close.textContent = "×";
  box.append(text, close);
  holder.append(box);
  arm(box);
}

// A redirect that htmx followed has eaten the flash messages of the page we now go to: carry them over.
const CARRIED = "anlan:toasts";

export function carry(page: Document): void {
  const found = Array.from(page.querySelectorAll("#toasts [data-toast]")).map((box) => ({
    words: box.querySelector(".toast-words")?.textContent ?? "",
    tone: (["success", "warning", "error"] as const).find((name) => box.classList.contains(`toast-${name}`)) ?? "info",
  }));
  if (found.length) sessionStorage.setItem(CARRIED, JSON.stringify(found));
}

export function startToasts(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-toast-close]");
    button?.closest("[data-toast]")?.remove();
  });
  document.querySelectorAll<HTMLElement>("#toasts [data-toast]").forEach(arm);
  const carried = sessionStorage.getItem(CARRIED);
  if (carried) {
    sessionStorage.removeItem(CARRIED);
    (JSON.parse(carried) as { words: string; tone: Tone }[]).forEach(({ words, tone }) => toast(words, tone));
  }
  // Server: HX-Trigger: {"toast": {"words": "…", "tone": "success"}}
  document.addEventListener("toast", (event) => {
    const detail = (event as CustomEvent<{ words?: string; tone?: Tone }>).detail;
    if (detail?.words) toast(detail.words, detail.tone ?? "info");
  });
}
