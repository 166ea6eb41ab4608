// The service worker makes the app open without a network. A new version waits until the person says so.
import { update } from "../state/app";

export async function registerWorker(): Promise<void> {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  const registration = await navigator.serviceWorker.register("/phone/sw.js", { scope: "/phone/" });
  let asked = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => asked && location.reload());
  const offer = (waiting: ServiceWorker): void => {
    update.ready = true;
    update.apply = () => {
      asked = true;
      waiting.postMessage({ type: "SKIP_WAITING" });
    };
  };
  if (registration.waiting) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
    });
  });
}
