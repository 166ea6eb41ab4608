// "It may be this one": asked by itself as soon as there is something to see and a place, and once more before sending where it was not
// answered until then. A network that is away costs nothing but the hint; the desk folds doubles all the same.
import { ref, watch } from "vue";
import { SignInNeeded, type Draft, type Near } from "@anlan/core";
import { app, citizen } from "../state/app";

const QUIET_MS = 900;
const PATIENCE_MS = 4_000;
/** A picture just sent is compared a moment later: the server says so, and is asked again a few times. */
const SOON_MS = 2_500;
const ASKED_AGAIN = 3;
/** So alike that sending waits for one look. */
const ALIKE = 0.5;
/** About ten metres: standing still is not moving. */
const round = (degrees: number): number => Math.round(degrees * 1e4);

export function useNear(draft: Draft) {
  const found = ref<Near[]>([]);
  const dismissed = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  let closed = false;
  /** What was asked last with an answer. */
  let answered = "";
  /** Whoever is known is told more than a visitor. */
  const key = (): string => {
    const { spot } = draft;
    const something = draft.photos.length || draft.words.trim().length >= 4;
    return spot && something ? [round(spot.lon), round(spot.lat), spot.system, draft.words.trim().slice(0, 200), draft.category, draft.photos.length, app.me?.id].join("|") : "";
  };
  async function ask(again = ASKED_AGAIN): Promise<void> {
    const [mine, asked] = [++turn, key()];
    const { spot } = draft;
    if (!spot || !app.online || (!app.me && closed)) return;
    const files = draft.photos.map((hash) => app.photos.get(hash)?.file).filter((one) => one !== undefined);
    try {
      const { items, waiting } = await citizen.near({ lon: spot.lon, lat: spot.lat, crs: spot.system, words: draft.words.trim(), category: draft.category || undefined, photos: files.length ? files : undefined });
      answered = asked;
      if (mine !== turn) return;
      found.value = items.filter((one) => !one.own);
      if (waiting && again) timer = setTimeout(() => void ask(again - 1), SOON_MS);
    } catch (error) {
      closed = error instanceof SignInNeeded; // a city that tells only whoever is signed in; else it was too often, or there is no network
    }
  }
  watch(
    () => [key(), app.online] as const,
    ([now]) => {
      clearTimeout(timer);
      if (now) timer = setTimeout(() => void ask(), QUIET_MS);
      else found.value = [];
    },
    { immediate: true },
  );
  /** True when a look is worth while and was not offered yet. */
  async function nearNow(): Promise<boolean> {
    const now = key();
    if (!now || now === answered || dismissed.value) return false;
    clearTimeout(timer);
    await Promise.race([ask(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    return found.value.some((one) => one.likeness >= ALIKE);
  }
  /** The same one as it is told to somebody who is known: with what it is joined by. */
  async function known(one: Near): Promise<Near | null> {
    if (!one.id) await ask();
    return found.value.find((other) => other.id && other.number === one.number) ?? null;
  }
  return { found, dismissed, nearNow, known };
}
