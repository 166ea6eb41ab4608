// The service worker opens the app without a network. A new version waits until the person says so, or until the app is opened anew: a word
// that is overlooked must not keep an old one for ever.
import { update } from "../state/app";

const LOOK_MS = 3_600_000;

export async function registerWorker(): Promise<void> {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  const registration = await navigator.serviceWorker.register("/report/sw.js", { scope: "/report/" });
  let asked = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => asked && location.reload());
  const offer = (waiting: ServiceWorker): void => {
    update.ready = true;
    update.apply = () => {
      asked = true;
      waiting.postMessage({ type: "SKIP_WAITING" });
    };
  };
  if (registration.waiting && navigator.serviceWorker.controller) {
    offer(registration.waiting);
    update.apply(); // nothing has been typed yet
  }
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
    });
  });
  // An installed app is hardly ever closed: it asks by itself.
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK_MS) return;
    looked = Date.now();
    registration.update().catch(() => undefined);
  });
}
