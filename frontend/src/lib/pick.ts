// A kept draft knows the id that was picked, not its words: fetch the option again and check it.
import htmx from "htmx.org";

export function listenForPicks(): void {
  document.addEventListener("draft:restored", (event) => {
    const values = (event as CustomEvent<Record<string, string[]>>).detail;
    (event.target as HTMLElement).querySelectorAll<HTMLElement>("[data-pick]").forEach((pick) => {
      const chosen = values[pick.dataset.pick ?? ""]?.[0];
      const found = pick.querySelector<HTMLElement>(".pick-found");
      if (!chosen || !found || pick.querySelector("input:checked")) return;
      void htmx.ajax("GET", `${pick.dataset.url}&chosen=${encodeURIComponent(chosen)}`, { target: found, swap: "innerHTML" });
    });
  });
}
