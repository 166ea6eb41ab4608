// Taken out of the pocket again: a screen shows how it stands now.
import { onScopeDispose } from "vue";

const STALE_MS = 30_000;

export function useFresh(load: () => Promise<unknown>): void {
  let looked = Date.now();
  const seen = (): void => {
    if (document.visibilityState !== "visible" || Date.now() - looked < STALE_MS) return;
    looked = Date.now();
    void load();
  };
  document.addEventListener("visibilitychange", seen);
  onScopeDispose(() => document.removeEventListener("visibilitychange", seen));
}
