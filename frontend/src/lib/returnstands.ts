// How far a return is: the index of its panels, and the list of what still stops it.
import type { Say, Trouble } from "./troubles";

export function drawIndex(page: HTMLElement, answer: { troubles: Trouble[]; sections: Record<string, string> }, phrase: Say): void {
  for (const link of page.querySelectorAll<HTMLElement>("[data-ret-link]")) {
    const code = link.dataset.retLink ?? "";
    link.dataset.mark = answer.sections[code] ?? "";
    const count = answer.troubles.filter((trouble) => trouble.panel === code && trouble.stops && !trouble.unwritten).length;
    const holder = link.querySelector("[data-ret-count]");
    if (holder) holder.textContent = count ? String(count) : "";
  }
  const marks = Object.values(answer.sections);
  const done = marks.filter((mark) => mark === "done").length;
  const bar = page.querySelector<HTMLProgressElement>("[data-ret-progress]");
  if (bar) bar.value = done;
  const words = page.querySelector("[data-ret-progress-words]");
  if (words) words.textContent = phrase("panels", { done, all: marks.length });
}

// Blank boxes are listed by panel, and only once somebody tried to hand in.
export function drawStops(page: HTMLElement, troubles: Trouble[], loud: boolean, phrase: Say): void {
  const holder = page.querySelector<HTMLElement>("[data-ret-stops]");
  const list = page.querySelector("[data-ret-stop-list]");
  const title = page.querySelector("[data-ret-stops-title]");
  if (!holder || !list || !title) return;
  const stopping = troubles.filter((trouble) => trouble.stops);
  const items: HTMLElement[] = [];
  const blank = new Map<string, Trouble[]>();
  for (const trouble of stopping) {
    if (trouble.unwritten && trouble.places.length) blank.set(trouble.panel, [...(blank.get(trouble.panel) ?? []), trouble]);
    else items.push(line(trouble.panel, `${trouble.row ? `${phrase("row", { n: trouble.row })} ` : ""}${trouble.message}`, trouble.places[0] ?? "", trouble.instead));
  }
  if (loud) for (const [panel, some] of blank) items.push(line(panel, some.length === 1 ? (some[0]?.message ?? "") : phrase("blank", { n: some.length }), some[0]?.places[0] ?? "", ""));
  list.replaceChildren(...items);
  title.textContent = stopping.length ? phrase("stops", { n: stopping.length }) : phrase("ready");
  holder.hidden = !items.length;
  page.querySelector("[data-ret-hand-in]")?.classList.toggle("is-ready", !stopping.length);
}

function line(panel: string, words: string, place: string, instead: string): HTMLElement {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#${place}`;
  link.dataset.retTo = place;
  const strong = document.createElement("strong");
  strong.textContent = document.getElementById(`t-${panel}`)?.lastChild?.textContent ?? "";
  link.append(strong, ` ${words}`);
  item.append(link);
  if (instead) {
    const more = document.createElement("span");
    more.className = "muted";
    more.textContent = ` ${instead}`;
    item.append(more);
  }
  return item;
}
