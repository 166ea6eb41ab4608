// Photos of one group open over the page; arrows walk, Esc closes. Without a script the link simply opens the photo.
import { say } from "./words";

function button(label: string, text: string, name: string): HTMLButtonElement {
  const one = document.createElement("button");
  one.type = "button";
  one.className = `lightbox-${name}`;
  one.setAttribute("aria-label", label);
  one.textContent = text;
  return one;
}

function show(links: HTMLAnchorElement[], start: number): void {
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  const image = document.createElement("img");
  const caption = document.createElement("p");
  const close = button(say("close"), "×", "close");
  const previous = button(say("previous"), "‹", "previous");
  const next = button(say("next"), "›", "next");
  let at = start;
  const turn = (by: number): void => {
    at = (at + by + links.length) % links.length;
    const link = links[at];
    if (!link) return;
    image.src = link.href;
    image.alt = link.dataset.caption ?? "";
    caption.textContent = `${link.dataset.caption ?? ""}${links.length > 1 ? `  (${at + 1}/${links.length})` : ""}`;
  };
  previous.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") turn(-1);
    if (event.key === "ArrowRight") turn(1);
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(image, caption, close);
  if (links.length > 1) dialog.append(previous, next);
  document.body.append(dialog);
  turn(0);
  dialog.showModal();
}

export function startLightbox(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-lightbox]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || typeof HTMLDialogElement === "undefined") return;
    event.preventDefault();
    const links = Array.from(document.querySelectorAll<HTMLAnchorElement>("a[data-lightbox]")).filter((one) => one.dataset.lightbox === link.dataset.lightbox);
    show(links, links.indexOf(link));
  });
}
