// A photo that is still being prepared stands as a box that asks for itself: soon at first, then less and less often, and not for ever.
/** Said where a picture came: what depends on what it shows may be asked for anew. */
export const DRAWN = "anlan:drawn";
const TICK = 1_000;
const FIRST = 2; // seconds
const LONGEST = 30;
const TRIES = 40;

type Wait = { tries: number; left: number };

/** Seconds before the next question after so many. */
export const pause = (tries: number): number => Math.min(FIRST + tries, LONGEST);

async function ask(box: HTMLElement): Promise<void> {
  const response = await fetch(box.dataset.picture ?? "", { credentials: "same-origin", headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (!response.ok || response.redirected || !box.isConnected) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await response.text();
  if (fresh.content.querySelector("[data-picture]")) return;
  const around = box.parentElement;
  box.replaceWith(...fresh.content.children);
  around?.dispatchEvent(new CustomEvent(DRAWN, { bubbles: true }));
}

export function startPictures(): void {
  const waits = new WeakMap<HTMLElement, Wait>();
  window.setInterval(() => {
    if (document.hidden) return;
    for (const box of document.querySelectorAll<HTMLElement>("[data-picture]")) {
      const wait = waits.get(box) ?? { tries: 0, left: FIRST };
      waits.set(box, wait);
      if (--wait.left > 0 || wait.tries >= TRIES) continue;
      wait.left = pause(++wait.tries);
      void ask(box).catch(() => undefined); // without a network the box stays
    }
  }, TICK);
}
