// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { fieldsOf, paste, rowsOf, setField, walkBoxes, walkGrid } from "../src/lib/grid";
import { Troubles, type Trouble } from "../src/lib/troubles";
import { Unsent, block, day } from "../src/lib/typed";

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = "";
});

describe("what was not sent yet", () => {
  it("goes out with what stood there, and stays until the answer", () => {
    const unsent = new Unsent("k");
    unsent.stands({ a: "1" });
    unsent.put("a", "2");
    unsent.put("b", "3");
    expect(unsent.take()).toEqual({ a: ["1", "2"], b: ["", "3"] });
    expect(unsent.count).toBe(2);
    unsent.failed();
    expect(unsent.take()).toEqual({ a: ["1", "2"], b: ["", "3"] });
    unsent.saved({});
    expect(unsent.count).toBe(0);
    expect(unsent.at("a")).toBe("2");
  });

  it("keeps what was typed on while a request was under way", () => {
    const unsent = new Unsent("k");
    unsent.put("a", "1");
    unsent.take();
    unsent.put("a", "12");
    unsent.saved({});
    expect(unsent.take()).toEqual({ a: ["1", "12"] });
  });

  it("undoes itself when the old words are typed again, unless they are on their way", () => {
    const unsent = new Unsent("k");
    unsent.stands({ a: "1" });
    unsent.put("a", "2");
    unsent.put("a", "1");
    expect(unsent.count).toBe(0);
    unsent.put("a", "2");
    unsent.take();
    unsent.put("a", "1");
    unsent.saved({});
    expect(unsent.take()).toEqual({ a: ["2", "1"] });
  });

  it("holds back where somebody else wrote, until a person decides", () => {
    const unsent = new Unsent("k");
    unsent.put("a", "5");
    unsent.take();
    unsent.saved({ a: { words: "3" } });
    expect([unsent.waits, unsent.count]).toEqual([false, 1]);
    unsent.settle("a", true);
    expect(unsent.take()).toEqual({ a: ["3", "5"] });
    unsent.settle("a", false);
    expect(unsent.count).toBe(0);
  });

  it("comes back after the page died, as far as it still differs", () => {
    const dead = new Unsent("k");
    dead.put("a", "5");
    dead.put("b", "6");
    const next = new Unsent("k");
    next.stands({ a: "5" });
    expect(next.left()).toEqual({ b: "6" });
    expect(new Unsent("other").left()).toEqual({});
  });
});

describe("a block of a spreadsheet", () => {
  it("is cut at tabs and lines, quoted cells whole", () => {
    expect(block("1\t2\r\n3\t4\r\n")).toEqual([["1", "2"], ["3", "4"]]);
    expect(block('a\t"two\nlines ""said"""\n\tb')).toEqual([["a", 'two\nlines "said"'], ["", "b"]]);
    expect(block("12")).toEqual([["12"]]);
  });
});

describe("a day", () => {
  it.each([["4.8", "2026-04-08"], ["4月8日", "2026-04-08"], ["8日", "2026-04-08"], ["８", "2026-04-08"], ["2025/12/1", "2025-12-01"], ["31", "31"], ["上旬", "上旬"], ["4.31", "4.31"]])("%s", (typed, read) => {
    expect(day(typed, 2026, 4)).toBe(read);
  });
});

const ROW = (id: string): string => `<tr data-row-id="${id}"><td><input data-ret-box="text" name="r:p:${id}:a"></td><td><select data-ret-box="choice" name="r:p:${id}:b"><option value=""></option><option value="x">甲</option></select></td></tr>`;
const GRID = `<form><table data-ret-grid="p"><tbody>${ROW("1")}${ROW("2")}</tbody></table><div class="ret-boxes"><input data-ret-box="count" name="c:1"><input data-ret-box="count" name="c:2"></div></form>`;

function grid(): { form: HTMLElement; table: HTMLElement; add: () => HTMLTableRowElement | null } {
  document.body.innerHTML = GRID;
  Object.defineProperty(HTMLElement.prototype, "offsetParent", { get: () => document.body, configurable: true });
  const table = document.querySelector<HTMLElement>("table")!;
  const add = (): HTMLTableRowElement | null => {
    const row = rowsOf(table)[0]!.cloneNode(true) as HTMLTableRowElement;
    row.dataset.rowId = String(rowsOf(table).length + 1);
    for (const field of fieldsOf(row)) {
      field.name = field.name.replace(":1:", `:${row.dataset.rowId}:`);
      field.value = "";
    }
    table.querySelector("tbody")!.append(row);
    return row;
  };
  return { form: document.querySelector("form")!, table, add };
}

describe("the grid", () => {
  it("walks with Enter and adds a row below the last", () => {
    const { table, add } = grid();
    table.addEventListener("keydown", (event) => walkGrid(event, table, add));
    const first = table.querySelector<HTMLInputElement>("input")!;
    first.focus();
    for (const name of ["r:p:2:a", "r:p:3:a"]) {
      document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      expect((document.activeElement as HTMLInputElement).name).toBe(name);
    }
    document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true, cancelable: true }));
    expect((document.activeElement as HTMLInputElement).name).toBe("r:p:2:a");
    document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
    expect((document.activeElement as HTMLSelectElement).name).toBe("r:p:2:b");
  });

  it("takes a block, makes rows for it, reads a choice by its words and keeps what is none", () => {
    const { form, table, add } = grid();
    const start = fieldsOf(rowsOf(table)[1]!)[0]!;
    const taken = paste("一\t甲\n二\t乙", start, form, add);
    expect(taken.map((field) => [field.name, field.value])).toEqual([["r:p:2:a", "一"], ["r:p:2:b", "x"], ["r:p:3:a", "二"], ["r:p:3:b", "乙"]]);
    expect(paste("一句话", start, form, add)).toEqual([]);
  });

  it("lets a column fall into boxes below one another", () => {
    const { form, add } = grid();
    const boxes = fieldsOf(form.querySelector(".ret-boxes")!);
    expect(paste("1\n2\n3", boxes[0]!, form, add).map((field) => field.value)).toEqual(["1", "2"]);
    form.addEventListener("keydown", (event) => walkBoxes(event, form));
    boxes[0]!.focus();
    boxes[0]!.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    expect(document.activeElement).toBe(boxes[1]);
    const choice = document.querySelector("select")!;
    setField(choice, "甲");
    expect(choice.value).toBe("x");
  });
});

const trouble = (more: Partial<Trouble>): Trouble => ({ key: "k", severity: "error", panel: "p", places: ["c:1"], row: 0, message: "wrong", instead: "write", reason: "", unwritten: false, stops: true, ...more });

describe("troubles", () => {
  function drawn(): { troubles: Troubles; page: HTMLElement; typed: [string, string][] } {
    document.body.innerHTML = `<div id="page"><div class="ret-says" data-says="p:p"></div><div data-box="c:1"><input><div class="ret-says" data-says="c:1"></div></div></div>`;
    const typed: [string, string][] = [];
    const page = document.getElementById("page")!;
    return { troubles: new Troubles(page, (key) => key, (place, words) => typed.push([place, words]), () => undefined), page, typed };
  }

  it("stand at their field, and go when they are mended", () => {
    const { troubles, page } = drawn();
    troubles.draw([trouble({})]);
    expect(page.querySelector('[data-says="c:1"] .ret-what')?.textContent).toBe("wrong");
    expect(page.querySelector("[data-box]")?.classList.contains("has-error")).toBe(true);
    troubles.draw([]);
    expect(page.querySelectorAll(".ret-note").length).toBe(0);
    expect(page.querySelector("[data-box]")?.classList.contains("has-error")).toBe(false);
  });

  it("are quiet about what is only blank until somebody wants to hand in", () => {
    const { troubles, page } = drawn();
    troubles.draw([trouble({ unwritten: true })]);
    expect(page.querySelectorAll(".ret-note").length).toBe(0);
    troubles.loud = true;
    troubles.draw([trouble({ unwritten: true })]);
    expect(page.querySelectorAll(".ret-note").length).toBe(1);
  });

  it("ask for a reason in a box that keeps the cursor while others come and go", () => {
    const { troubles, page, typed } = drawn();
    troubles.draw([trouble({ severity: "reason" })]);
    const box = page.querySelector("textarea")!;
    box.focus();
    box.value = "因为";
    box.dispatchEvent(new Event("input"));
    expect(typed).toEqual([["w:k", "因为"]]);
    troubles.draw([trouble({ severity: "reason", reason: "因", stops: false }), trouble({ key: "other" })]);
    expect(page.querySelector("textarea")).toBe(box);
    expect(box.value).toBe("因为");
    expect(document.activeElement).toBe(box);
  });

  it("fall back to the panel where the field is not there", () => {
    const { troubles, page } = drawn();
    troubles.draw([trouble({ places: ["r:p:gone:a"] })]);
    expect(page.querySelector('[data-says="p:p"] .ret-what')?.textContent).toBe("wrong");
  });
});
