import SignaturePad from "signature_pad";
import { say } from "./lib/words";

function attach(holder: HTMLElement): void {
  if (holder.dataset.ready) return;
  holder.dataset.ready = "1";
  const canvas = holder.querySelector("canvas");
  const input = holder.querySelector<HTMLInputElement>("input[type=hidden]");
  if (!canvas || !input) return;
  // Dark ink on a transparent ground prints well on any letter.
  const pad = new SignaturePad(canvas, { penColor: "#1b2526", minWidth: 0.8, maxWidth: 2.6 });
  const write = (): void => {
    input.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
    holder.classList.toggle("is-signed", !pad.isEmpty());
  };
  // A form that came back with errors brings its signature along; it is kept until a new stroke or "clear".
  let kept = input.value.startsWith("data:image/png") ? input.value : "";
  let width = 0;
  const fit = (): void => {
    if (canvas.offsetWidth === 0 || canvas.offsetWidth === width) return; // phones fire resize when the keyboard opens
    width = canvas.offsetWidth;
    const strokes = pad.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d")?.scale(ratio, ratio);
    pad.clear();
    if (kept) {
      void pad.fromDataURL(kept, { width: canvas.offsetWidth, height: canvas.offsetHeight });
      holder.classList.add("is-signed");
      return;
    }
    pad.fromData(strokes);
    write();
  };
  fit();
  if (typeof ResizeObserver === "undefined") window.addEventListener("resize", fit);
  else new ResizeObserver(fit).observe(canvas);
  pad.addEventListener("beginStroke", () => {
    if (kept) pad.clear();
    kept = "";
  });
  pad.addEventListener("endStroke", () => {
    write();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  holder.querySelector("[data-signature-clear]")?.addEventListener("click", () => {
    kept = "";
    pad.clear();
    write();
  });
}

// Caught on the way down, before htmx hears of it.
document.addEventListener(
  "submit",
  (event) => {
    const pads = Array.from((event.target as HTMLFormElement).querySelectorAll<HTMLElement>("[data-signature]:not([data-optional])"));
    const missing = pads.find((pad) => pad.offsetParent !== null && !pad.querySelector<HTMLInputElement>("input[type=hidden]")?.value);
    if (!missing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    missing.scrollIntoView({ block: "center" });
    missing.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { words: say("signature_missing"), tone: "warning" } }));
  },
  true,
);

const look = (): void => document.querySelectorAll<HTMLElement>("[data-signature]").forEach(attach);
document.addEventListener("signature:look", look);
look();
