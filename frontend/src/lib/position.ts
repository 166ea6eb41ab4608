// The device's own position (WGS 84) into the form's hidden fields, when somebody asks for it.
import { toast } from "./toast";
import { say } from "./words";

function put(form: HTMLFormElement, name: string, value: string): void {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value;
}

function attach(button: HTMLButtonElement): void {
  if (button.dataset.ready || !("geolocation" in navigator)) return;
  button.dataset.ready = "1";
  button.hidden = false;
  const words = button.parentElement?.querySelector<HTMLElement>("[data-locate-words]");
  button.addEventListener("click", () => {
    const form = button.form;
    if (!form) return;
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.disabled = false;
        const [lat, lon] = [coords.latitude.toFixed(6), coords.longitude.toFixed(6)];
        put(form, "lon", lon);
        put(form, "lat", lat);
        put(form, "system", "wgs84");
        if (words) words.textContent = `${lat}, ${lon} ±${Math.round(coords.accuracy)} m`;
      },
      () => {
        button.disabled = false;
        toast(say("no_position"), "warning");
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

export function startPosition(root: ParentNode): void {
  root.querySelectorAll<HTMLButtonElement>("button[data-locate]").forEach(attach);
}
