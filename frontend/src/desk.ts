// The dispatcher's desk: walk, look, send. The page works without this; with it nothing has to be loaded anew, and what was just sent can be taken back.
import { tickAll } from "./lib/time";
import { AHEAD, post } from "./lib/deskpost";
import { listen } from "./lib/deskkeys";
import { tickRows } from "./lib/desktick";
import { giveKeys } from "./lib/key";
import { openDialog } from "./lib/dialogs";
import { DRAWN } from "./lib/pictures";
import { Regret } from "./lib/regret";
import { toast } from "./lib/toast";
import { fill } from "./lib/words";
import { deskMap, type DeskMap, type MapFacts, type Spot } from "./lib/deskmap";

const EVERY = 15_000;

const read = <T>(id: string, otherwise: T): T => JSON.parse(document.getElementById(id)?.textContent ?? "null") ?? otherwise;
const root = document.querySelector<HTMLElement>("[data-desk]");
if (root) start(root);

function start(desk: HTMLElement): void {
  const words = read<Record<string, string>>("desk-words", {});
  const tell = (key: string, values: Record<string, string | number> = {}): string => fill(words[key] ?? key, values);
  const one = <E extends HTMLElement = HTMLElement>(selector: string): E | null => desk.querySelector<E>(selector);
  const list = one("[data-desk-list]");
  const place = one("[data-desk-report]");
  const many = one<HTMLFormElement>("[data-desk-many]");
  if (!list || !place || !many) return;
  const map: DeskMap | null = deskMap(one("[data-desk-map]"), read<MapFacts | null>("desk-map", null), (id) => void open(id));
  const wide = window.matchMedia("(min-width: 901px)");

  let chosen = desk.dataset.chosen ?? "";
  let shown = "";
  let asked = 0;
  let state = "";
  const ticked = new Set<string>();
  const sent = new Set<string>();

  const rows = (): HTMLElement[] => Array.from(list.querySelectorAll<HTMLElement>("[data-row]:not(.is-gone)"));
  const rowOf = (id: string): HTMLElement | null => list.querySelector<HTMLElement>(`[data-row="${id}"]`);
  const card = (): HTMLElement | null => place.querySelector<HTMLElement>("[data-opened]");

  // The list: what was chosen, ticked or just sent stays so when it comes anew.
  function paint(): void {
    for (const row of list!.querySelectorAll<HTMLElement>("[data-row]")) {
      const id = row.dataset.row ?? "";
      row.classList.toggle("is-here", id === chosen);
      row.classList.toggle("is-gone", sent.has(id));
      const box = row.querySelector<HTMLInputElement>("[data-desk-check]");
      if (box) box.checked = ticked.has(id);
      if (id === chosen) row.querySelector("a")?.setAttribute("aria-current", "true");
      else row.querySelector("a")?.removeAttribute("aria-current");
    }
    const here = new Set(rows().map((row) => row.dataset.row ?? ""));
    for (const id of ticked) if (!here.has(id)) ticked.delete(id);
    many!.hidden = ticked.size === 0;
    const count = many!.querySelector("[data-desk-selected]");
    if (count) count.textContent = tell("selected", { n: ticked.size });
    map?.show(read<Spot[]>("desk-points", []).filter((spot) => !sent.has(spot.id)), chosen);
  }

  function addressOf(base: string): string {
    const query = new URLSearchParams(location.search);
    query.delete("report");
    if (shown) query.set("shown", shown);
    const text = query.toString();
    return text ? `${base}?${text}` : base;
  }

  async function refresh(): Promise<void> {
    const turn = ++asked;
    try {
      const response = await fetch(addressOf(desk.dataset.queue ?? ""), { headers: { ...AHEAD, "X-Desk-State": state }, credentials: "same-origin" });
      if (!response.ok || response.redirected || turn !== asked) return;
      state = response.headers.get("X-Desk-State") ?? "";
      if (response.status === 204) return paint(); // nothing moved there; here something may have
      const html = await response.text();
      if (turn !== asked) return;
      const top = list!.scrollTop;
      const held = document.activeElement instanceof HTMLElement && list!.contains(document.activeElement) ? document.activeElement.closest<HTMLElement>("[data-row]")?.dataset.row : undefined;
      list!.innerHTML = html;
      list!.scrollTop = top;
      paint();
      if (held) rowOf(held)?.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
    } catch {
      // Without a network the list stays as it is; what is sent says so by itself.
    }
  }

  async function open(id: string, focus = false): Promise<void> {
    if (!id) return close();
    chosen = id;
    paint();
    rowOf(id)?.scrollIntoView({ block: "nearest" });
    const address = new URL(location.href);
    address.searchParams.set("report", id);
    history.replaceState(null, "", address);
    try {
      const response = await fetch(`${desk.dataset.report}${id}/`, { headers: AHEAD, credentials: "same-origin" });
      if (chosen !== id) return; // somebody walked on
      if (!response.ok) return void (await refresh());
      place!.innerHTML = await response.text();
      giveKeys(place!);
      tickAll(place!);
      desk.classList.add("has-report");
      place!.scrollTop = 0;
      if (!wide.matches) window.scrollTo(0, 0);
      map?.aim(card()?.dataset.lon, card()?.dataset.lat, id);
      if (focus) place!.focus({ preventScroll: true });
    } catch {
      toast(tell("unreachable"), "error");
    }
  }

  // A picture that was drawn just now may look like another report's: only that part is asked for anew, what is being written stays.
  async function lookAgain(id: string): Promise<void> {
    try {
      const response = await fetch(`${desk.dataset.report}${id}/`, { headers: AHEAD, credentials: "same-origin" });
      if (!response.ok || response.redirected || chosen !== id) return;
      const fresh = document.createElement("template");
      fresh.innerHTML = await response.text();
      const near = fresh.content.querySelector<HTMLElement>("[data-desk-near]");
      if (!near) return;
      place!.querySelector("[data-desk-near]")?.replaceWith(near);
      giveKeys(near);
    } catch {
      // Without a network it stays as it is.
    }
  }
  place.addEventListener(DRAWN, (event) => {
    const inNear = event.target instanceof Element && event.target.closest("[data-desk-near]");
    if (chosen && !inNear) void lookAgain(chosen);
  });

  function close(): void {
    chosen = "";
    desk.classList.remove("has-report");
    const address = new URL(location.href);
    address.searchParams.delete("report");
    history.replaceState(null, "", address);
    place!.replaceChildren();
    paint();
  }

  function walk(by: number): void {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.dataset.row === chosen);
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (next && next.dataset.row !== chosen) void open(next.dataset.row ?? "");
    if (by > 0 && at === all.length - 1) list!.querySelector<HTMLAnchorElement>("[data-desk-more]")?.click();
  }

  // The one below takes the place of what leaves; at the end the one above.
  function after(ids: string[]): string {
    const all = rows().map((row) => row.dataset.row ?? "");
    const at = all.indexOf(chosen);
    if (at < 0 || !ids.includes(chosen)) return chosen;
    return all.slice(at + 1).find((id) => !ids.includes(id)) ?? all.slice(0, at).reverse().find((id) => !ids.includes(id)) ?? "";
  }

  // What is sent leaves the list at once and the platform a few seconds later; until then nothing happened.
  const regret = new Regret(document.querySelector<HTMLElement>("[data-desk-undo]"));
  function later(ids: string[], label: string, run: (last: boolean) => Promise<void>): void {
    regret.flush();
    const next = after(ids);
    ids.forEach((id) => (sent.add(id), ticked.delete(id)));
    paint();
    if (next !== chosen) void open(next);
    const done = async (last: boolean): Promise<void> => {
      try {
        await run(last);
      } catch {
        ids.forEach((id) => sent.delete(id));
        toast(tell("unsure"), "error");
      }
      if (!last) await refresh();
      if (!last && !chosen && wide.matches) void open(rows()[0]?.dataset.row ?? ""); // what could not go is looked at again
    };
    const back = (): void => {
      ids.forEach((id) => sent.delete(id));
      paint();
      toast(tell("undone"));
      if (ids.length === 1) void open(ids[0] ?? "");
    };
    regret.wait(label, done, back);
  }

  function dispatch(form: HTMLFormElement): void {
    const radio = form.querySelector<HTMLInputElement>("input[name=candidate]:checked");
    const other = form.querySelector<HTMLSelectElement>("[data-desk-unit]");
    const unit = other?.value ? (other.selectedOptions[0]?.textContent ?? "") : (radio?.dataset.name ?? "");
    if (!unit) return void toast(tell("choose_unit"), "warning");
    const id = card()?.dataset.opened ?? "";
    const number = card()?.dataset.number ?? "";
    sendOne(id, number, tell("sending", { number, unit }), form);
  }

  function sendOne(id: string, number: string, label: string, form: HTMLFormElement): void {
    const body = new FormData(form);
    const url = form.action;
    later([id], label, async (last) => {
      const answer = await post(url, body, last);
      if (!answer.code) return;
      sent.delete(id);
      toast(tell("failed", { number, words: answer.words }), "error");
    });
  }

  function sendMany(form: HTMLFormElement): void {
    const ids = Array.from(ticked);
    if (!ids.length) return;
    const body = new FormData();
    ids.forEach((id) => body.append("ids", id));
    body.set("unit", new FormData(form).get("unit") ?? "");
    later(ids, tell("sending_many", { n: ids.length }), async (last) => {
      const answer = await post(desk.dataset.send ?? "", body, last);
      for (const trouble of answer.troubles ?? []) {
        sent.delete(trouble.id);
        toast(tell("failed", { number: trouble.number, words: trouble.words }), "error");
      }
      if (answer.code) {
        ids.forEach((id) => sent.delete(id));
        toast(answer.words, "error");
      } else if (answer.done) toast(answer.words, "success");
    });
  }

  function same(form: HTMLFormElement): void {
    const number = card()?.dataset.number ?? "";
    sendOne(card()?.dataset.opened ?? "", number, tell("same", { number, other: form.dataset.deskDuplicate ?? "" }), form);
  }

  // Declining and the public version are answered at once: they ask for a second look themselves.
  async function take(form: HTMLFormElement): Promise<void> {
    const id = card()?.dataset.opened ?? "";
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (button) button.disabled = true;
    try {
      const answer = await post(form.action, new FormData(form));
      if (answer.code) return void toast(answer.words, "error");
      toast(answer.words, "success");
      const next = answer.left ? after([id]) : id;
      if (answer.left) sent.add(id);
      await refresh();
      if (chosen === id) await open(next);
    } catch {
      toast(tell("unsure"), "error");
    } finally {
      if (button) button.disabled = false;
    }
  }

  function toggle(id: string): void {
    const part = document.getElementById(id);
    if (!part) return;
    place!.querySelectorAll(".desk-sub.is-open").forEach((other) => other !== part && other.classList.remove("is-open")); // one at a time
    const on = part.classList.toggle("is-open");
    if (on) part.querySelector<HTMLElement>("textarea, input:not([type=hidden]), select")?.focus();
  }

  function choose(number: number): void {
    const radio = place!.querySelectorAll<HTMLInputElement>("input[name=candidate]")[number - 1];
    if (!radio) return;
    radio.checked = true;
    const other = place!.querySelector<HTMLSelectElement>("[data-desk-unit]");
    if (other) other.value = "";
  }

  const acts: Record<string, () => void> = {
    j: () => walk(1),
    k: () => walk(-1),
    "1": () => choose(1),
    "2": () => choose(2),
    "3": () => choose(3),
    d: () => {
      const form = place.querySelector<HTMLFormElement>("[data-desk-dispatch]");
      if (form) dispatch(form);
    },
    u: () => {
      const form = place.querySelector<HTMLFormElement>("[data-desk-same]");
      if (form) same(form);
    },
    x: () => toggle("desk-decline"),
    s: () => rowOf(chosen)?.querySelector<HTMLInputElement>("[data-desk-check]")?.click(),
    z: () => regret.back(),
    o: () => place.querySelector<HTMLAnchorElement>("[data-desk-record]")?.click(),
    "/": () => one<HTMLInputElement>("[data-desk-search]")?.focus(),
    "?": () => {
      const help = document.getElementById("desk-keys");
      if (help instanceof HTMLDialogElement) openDialog(help);
    },
    Escape: () => {
      if (!wide.matches) close();
    },
  };
  listen(acts);

  desk.addEventListener("click", (event) => {
    const target = event.target as Element;
    const more = target.closest<HTMLAnchorElement>("[data-desk-more]");
    if (more) {
      event.preventDefault();
      shown = new URL(more.href).searchParams.get("shown") ?? "";
      return void refresh();
    }
    if (target.closest("[data-desk-back]")) {
      event.preventDefault();
      return close();
    }
    const opener = target.closest<HTMLElement>("[data-desk-toggle]");
    if (opener) return toggle(opener.dataset.deskToggle ?? "");
    if (target.closest("[data-desk-none]")) {
      ticked.clear();
      return paint();
    }
    const row = target.closest<HTMLElement>("[data-row]");
    if (row && !target.closest("input") && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      void open(row.dataset.row ?? "", true);
    }
  });

  tickRows(list, rows, ticked, paint);

  place.addEventListener("change", (event) => {
    const changed = event.target as HTMLElement;
    if (changed.matches("[data-desk-unit]") && (changed as HTMLSelectElement).value) place.querySelectorAll<HTMLInputElement>("input[name=candidate]").forEach((radio) => (radio.checked = false));
    if (changed.matches("input[name=candidate]")) choose(Array.from(place.querySelectorAll("input[name=candidate]")).indexOf(changed) + 1);
  });

  desk.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.matches("[data-desk-dispatch]")) dispatch(form);
    else if (form.matches("[data-desk-duplicate]")) same(form);
    else if (form.matches("[data-desk-take]")) void take(form);
    else if (form === many) sendMany(form);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  window.setInterval(() => {
    if (!document.hidden && !document.querySelector("dialog[open]")) void refresh();
  }, EVERY);
  document.addEventListener("visibilitychange", () => void (document.hidden || refresh()));

  giveKeys(place);
  paint();
  map?.aim(card()?.dataset.lon, card()?.dataset.lat, chosen);
  if (!chosen && wide.matches) void open(rows()[0]?.dataset.row ?? "");
}
