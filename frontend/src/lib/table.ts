import { store } from "./store";
import { say } from "./words";

type Look = { off: string[]; density: "dense" | "roomy" };

function paint(list: HTMLElement, look: Look): void {
  const off = new Set(look.off);
  list.querySelectorAll<HTMLElement>("[data-col]").forEach((cell) => cell.classList.toggle("is-off", off.has(cell.dataset.col ?? "")));
  list.classList.toggle("is-roomy", look.density === "roomy");
}

function columns(list: HTMLElement): void {
  const chooser = list.querySelector<HTMLElement>("[data-columns]");
  if (!chooser) return;
  const key = `table:${list.dataset.table ?? ""}`;
  const boxes = Array.from(chooser.querySelectorAll<HTMLInputElement>("[data-column]"));
  const radios = Array.from(chooser.querySelectorAll<HTMLInputElement>("[data-density]"));
  const kept = store.get<Look>(key);
  if (kept) {
    boxes.forEach((box) => (box.checked = !kept.off.includes(box.dataset.column ?? "")));
    radios.forEach((radio) => (radio.checked = radio.value === kept.density));
    paint(list, kept);
  }
  chooser.addEventListener("change", () => {
    const look: Look = {
      off: boxes.filter((box) => !box.checked).map((box) => box.dataset.column ?? ""),
      density: radios.find((radio) => radio.checked)?.value === "roomy" ? "roomy" : "dense",
    };
    store.set(key, look);
    paint(list, look);
  });
}

function bulk(list: HTMLElement): void {
  const bar = list.querySelector<HTMLFormElement>("[data-bulk]");
  const all = list.querySelector<HTMLInputElement>("[data-check-all]");
  const boxes = Array.from(list.querySelectorAll<HTMLInputElement>("[data-row-check]"));
  if (!bar || !all) return;
  let last = -1;
  const paintBar = (): void => {
    const n = boxes.filter((box) => box.checked).length;
    bar.hidden = n === 0;
    all.checked = n > 0 && n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
    boxes.forEach((box) => box.closest("tr")?.classList.toggle("is-chosen", box.checked));
    const words = bar.querySelector("[data-bulk-words]");
    if (words) words.textContent = say("selected", { n });
  };
  all.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    paintBar();
  });
  boxes.forEach((box, at) =>
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) {
        const [from, to] = [Math.min(last, at), Math.max(last, at)];
        boxes.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
      }
      last = at;
      paintBar();
    }),
  );
  bar.querySelector("[data-bulk-none]")?.addEventListener("click", () => {
    boxes.forEach((box) => (box.checked = false));
    paintBar();
  });
  paintBar();
}

export function startTables(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("[data-table]").forEach((list) => {
    if (list.dataset.ready) return;
    list.dataset.ready = "1";
    columns(list);
    bulk(list);
  });
}

// A row opens where it is clicked, unless the click was meant for something in it or for choosing text.
export function openRows(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("a, button, input, label, select, summary, dialog") || window.getSelection()?.toString()) return;
    const href = target.closest<HTMLElement>("tr[data-href]")?.dataset.href;
    if (!href) return;
    if (event.ctrlKey || event.metaKey) window.open(href, "_blank", "noopener");
    else location.assign(href);
  });
}
