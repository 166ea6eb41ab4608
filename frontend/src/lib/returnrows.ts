// The rows of a return's panels: new ones come from the page's own form, every one keeps its number.
import { uuid } from "./key";
import { rowsOf } from "./grid";

export class Rows {
  // `opened` is told of a panel that was answered “none” and gets a row after all.
  constructor(
    private readonly page: HTMLElement,
    private readonly opened: (nothing: HTMLInputElement) => void,
  ) {}

  grid(panel: string): HTMLElement | null {
    return this.page.querySelector<HTMLElement>(`[data-ret-grid="${panel}"]`);
  }

  fresh(panel: string, id: string): HTMLTableRowElement | null {
    const grid = this.grid(panel);
    const form = this.page.querySelector<HTMLTemplateElement>(`template[data-ret-row="${panel}"]`);
    const body = grid?.querySelector("tbody");
    if (!grid || !body || !form) return null;
    const holder = document.createElement("tbody");
    holder.innerHTML = form.innerHTML.split("__id__").join(id);
    const row = holder.querySelector<HTMLTableRowElement>("tr[data-row-id]");
    body.append(...Array.from(holder.children));
    this.number(grid);
    return row;
  }

  add(grid: HTMLElement): HTMLTableRowElement | null {
    const panel = grid.dataset.retGrid ?? "";
    const nothing = this.page.querySelector<HTMLInputElement>(`input[name="n:${panel}"]`);
    if (nothing?.checked) {
      nothing.checked = false;
      this.opened(nothing);
    }
    return this.fresh(panel, uuid().slice(-12));
  }

  drop(row: HTMLElement): void {
    const grid = row.closest<HTMLElement>("[data-ret-grid]");
    if (row.nextElementSibling?.matches("[data-row-says]")) row.nextElementSibling.remove();
    row.remove();
    if (grid) this.number(grid);
  }

  private number(grid: HTMLElement): void {
    rowsOf(grid).forEach((row, at) => {
      const head = row.querySelector("[data-ret-number]");
      if (head) head.textContent = String(at + 1);
    });
  }
}
