// What was typed survives a crash, a time-out and a full battery. Kept per person and form on this device, a week at most;
// signing out forgets it, because office machines are shared.
import { store } from "./store";
import { say } from "./words";

export type Draft = { at: number; values: Record<string, string[]> };
const WEEK = 7 * 24 * 3600_000;
const NEVER = new Set(["csrfmiddlewaretoken", "idempotency_key"]);

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function controls(form: HTMLFormElement): Control[] {
  return Array.from(form.elements).filter(
    (one): one is Control =>
      (one instanceof HTMLInputElement || one instanceof HTMLSelectElement || one instanceof HTMLTextAreaElement) &&
      one.name !== "" &&
      !NEVER.has(one.name) &&
      !["password", "file", "submit", "button"].includes(one.type) &&
      !one.closest("[data-private], [data-signature], [data-photos]"),
  );
}

export function collect(form: HTMLFormElement): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const one of controls(form)) {
    const list = (values[one.name] ??= []);
    if (one instanceof HTMLInputElement && (one.type === "checkbox" || one.type === "radio")) {
      if (one.checked) list.push(one.value);
    } else if (one instanceof HTMLSelectElement && one.multiple) {
      list.push(...Array.from(one.selectedOptions, (option) => option.value));
    } else {
      list.push(one.value);
    }
  }
  return values;
}

export function restore(form: HTMLFormElement, values: Record<string, string[]>): void {
  const left = new Map(Object.entries(values).map(([name, list]) => [name, [...list]]));
  for (const one of controls(form)) {
    const list = left.get(one.name);
    if (!list || (one instanceof HTMLInputElement && one.type === "hidden")) continue;
    if (one instanceof HTMLInputElement && (one.type === "checkbox" || one.type === "radio")) {
      one.checked = list.includes(one.value);
    } else if (one instanceof HTMLSelectElement && one.multiple) {
      Array.from(one.options).forEach((option) => (option.selected = list.includes(option.value)));
    } else {
      one.value = list.shift() ?? "";
    }
    // What was typed is not left behind a closed fold.
    if (!(one instanceof HTMLInputElement && /^(checkbox|radio)$/.test(one.type)) && one.value && one.value !== unchanged(one)) one.closest("details")?.setAttribute("open", "");
  }
}

function unchanged(one: Control): string {
  if (one instanceof HTMLSelectElement) return Array.from(one.options).find((option) => option.defaultSelected)?.value ?? one.options[0]?.value ?? "";
  return one.defaultValue;
}

const key = (form: HTMLFormElement): string => `draft:${document.body.dataset.user ?? ""}:${form.dataset.draft ?? ""}`;
const clock = (at: number): string => new Date(at).toLocaleString(document.documentElement.lang || undefined, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

function attach(form: HTMLFormElement): void {
  if (form.dataset.draftReady) return;
  form.dataset.draftReady = "1";
  const note = form.querySelector<HTMLElement>("[data-draft-note]");
  const initial = collect(form);
  const kept = store.get<Draft>(key(form));
  // A form that came back with errors already holds what was typed.
  if (kept && !form.querySelector(".has-error") && Date.now() - kept.at < WEEK && JSON.stringify(kept.values) !== JSON.stringify(initial)) {
    restore(form, kept.values);
    form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true, detail: kept.values }));
    if (note) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn-link";
      button.textContent = say("draft_discard");
      button.addEventListener("click", () => {
        store.drop(key(form));
        restore(form, initial);
        note.textContent = "";
        delete form.dataset.touched;
      });
      note.replaceChildren(say("draft_restored", { time: clock(kept.at) }), " ", button);
    }
  }
  let timer = 0;
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const at = Date.now();
      if (store.set(key(form), { at, values: collect(form) } satisfies Draft) && note) note.textContent = say("draft_saved", { time: clock(at) });
    }, 600);
  });
}

const SENT = "anlan:sent-draft";

export function startDrafts(root: ParentNode): void {
  root.querySelectorAll<HTMLFormElement>("form[data-draft]").forEach(attach);
}

export function forgetDraft(form: HTMLFormElement): void {
  if (form.dataset.draft) store.drop(key(form));
}

// A plain post leaves the page: it succeeded exactly when the next page is not the same form again.
export function settleSentDraft(): void {
  const sent = sessionStorage.getItem(SENT);
  if (!sent) return;
  sessionStorage.removeItem(SENT);
  const same = Array.from(document.querySelectorAll<HTMLFormElement>("form[data-draft]")).some((form) => key(form) === sent);
  if (!same && !document.querySelector("[data-error]")) store.drop(sent);
}

export function listenForDrafts(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset.draft && !event.defaultPrevented) sessionStorage.setItem(SENT, key(form));
    if ("forgetDrafts" in form.dataset) store.keys("draft:").forEach((name) => store.drop(name));
  });
}
