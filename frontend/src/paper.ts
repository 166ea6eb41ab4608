// A document beside its proposals: walked and decided on by keyboard, its words marked to make a task of them.
// Everything here is a link or a form of the page, which works without this.
import { typing } from "./lib/keys";

const root = document.querySelector<HTMLElement>("[data-paper]");
if (root) start(root);

function start(paper: HTMLElement): void {
  const text = paper.querySelector<HTMLElement>("[data-paper-text]");
  const add = paper.querySelector<HTMLAnchorElement>("[data-paper-add]");
  const cards = Array.from(paper.querySelectorAll<HTMLElement>("[data-card]"));
  const markOf = (card: HTMLElement): HTMLElement | null => document.getElementById(`m-${card.dataset.card}`);
  let here = -1;

  function choose(card: HTMLElement | undefined, from: "text" | "card" | "key"): void {
    if (!card) return;
    here = cards.indexOf(card);
    for (const one of cards) one.classList.toggle("is-here", one === card);
    for (const one of paper.querySelectorAll<HTMLElement>("[data-mark]")) one.classList.toggle("is-here", one.dataset.mark === card.dataset.card);
    if (from !== "card") card.scrollIntoView({ block: "nearest" });
    if (from !== "text") markOf(card)?.scrollIntoView({ block: "center" });
    if (from === "key") card.focus({ preventScroll: true });
  }

  const walk = (by: number): void => choose(cards[Math.min(cards.length - 1, Math.max(0, here + by))], "key");
  const press = (selector: string): void => cards[here]?.querySelector<HTMLElement>(selector)?.click();

  const ACTS: Record<string, () => void> = {
    j: () => walk(1),
    k: () => walk(-1),
    a: () => {
      const form = cards[here]?.querySelector<HTMLFormElement>("[data-accept]");
      const button = form?.querySelector<HTMLButtonElement>("button[type=submit]");
      if (button) form?.requestSubmit(button);
      else press("[data-mend]");
    },
    e: () => press("[data-mend]"),
    r: () => press("[data-refuse]"),
    n: () => !add?.hidden && add?.click(),
  };

  // Before the page's own keys, which would walk the tables.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || document.querySelector("dialog[open]")) return;
      const act = ACTS[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
    true,
  );

  paper.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const mark = target?.closest<HTMLElement>("[data-mark]");
    if (mark && document.getSelection()?.isCollapsed !== false) return choose(cards.find((one) => one.dataset.card === mark.dataset.mark), "text");
    const card = target?.closest<HTMLElement>("[data-card]");
    if (card) choose(card, "card");
  });

  // Offsets count in the text as the server has it: each run says where it begins. A browser counts UTF-16 units, the server characters.
  function place(node: Node, offset: number): number | null {
    const run = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("[data-at]");
    if (!run) return null;
    const before = node.nodeType === Node.TEXT_NODE ? (node.textContent ?? "").slice(0, offset) : "";
    return Number(run.dataset.at) + Array.from(before).length;
  }

  if (add && text && !("fixed" in paper.dataset)) {
    const base = paper.dataset.add ?? "";
    document.addEventListener("selectionchange", () => {
      const chosen = document.getSelection();
      add.hidden = true;
      if (!chosen || chosen.isCollapsed || chosen.rangeCount === 0) return;
      const range = chosen.getRangeAt(0);
      if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
      const start = place(range.startContainer, range.startOffset);
      const end = place(range.endContainer, range.endOffset);
      if (start === null || end === null || start >= end) return;
      add.href = `${base}?start=${start}&end=${end}`;
      add.hidden = false;
    });
    add.addEventListener("mousedown", (event) => event.preventDefault()); // keeps what is marked
  }

  // An address may name a card; the side panel loads the page anew under the address it has, whose card may be decided on by now.
  const open = (one: HTMLElement): boolean => one.classList.contains("is-open");
  const named = cards.findIndex((one) => `#${one.id}` === location.hash);
  const next = cards.slice(Math.max(0, named)).find(open) ?? cards.find(open);
  if (next && (named >= 0 || !cards.every(open))) choose(next, "key");
  else if (next) here = cards.indexOf(next) - 1; // a first key only chooses
}

// The weekly comb: one task after another without the mouse.
const comb = document.querySelector<HTMLElement>("[data-comb]");
if (comb) {
  const form = comb.querySelector<HTMLFormElement>("[data-comb-form]");
  form?.querySelector("textarea")?.focus();
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form?.requestSubmit();
      return;
    }
    const empty = typing(event.target) && event.target instanceof HTMLTextAreaElement && event.target.value === "";
    if ((typing(event.target) && !empty) || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key === "ArrowRight") comb.querySelector<HTMLElement>("[data-comb-next]")?.click();
    if (event.key === "ArrowLeft") comb.querySelector<HTMLElement>("[data-comb-before]")?.click();
  });
}
