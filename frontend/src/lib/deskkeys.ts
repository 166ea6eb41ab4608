// The desk's own keys, before those that every page has.
import { typing } from "./keys";

export function listen(acts: Record<string, () => void>): void {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
      if (typing(event.target) && !(event.target instanceof HTMLInputElement && ["radio", "checkbox"].includes(event.target.type))) {
        if (event.key === "Escape") (event.target as HTMLElement).blur();
        return;
      }
      const act = acts[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    },
    true,
  );
}
