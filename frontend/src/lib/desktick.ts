// Ticking rows of the desk's list; with Shift all from the last one ticked.
export function tickRows(list: HTMLElement, rows: () => HTMLElement[], ticked: Set<string>, paint: () => void): void {
  let last = -1;
  list.addEventListener("click", (event) => {
    const box = (event.target as Element).closest<HTMLInputElement>("[data-desk-check]");
    if (!box) return;
    const all = rows();
    const at = all.findIndex((row) => row.contains(box));
    const [from, to] = event.shiftKey && last >= 0 ? [Math.min(last, at), Math.max(last, at)] : [at, at];
    for (const row of all.slice(from, to + 1)) {
      const id = row.dataset.row ?? "";
      if (box.checked) ticked.add(id);
      else ticked.delete(id);
    }
    last = at;
    paint();
  });
}
