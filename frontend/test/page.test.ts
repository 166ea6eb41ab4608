// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { collect, restore, startDrafts } from "../src/lib/draft";
import { giveKeys } from "../src/lib/key";
import { store } from "../src/lib/store";
import { startTables } from "../src/lib/table";

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = "";
  document.body.dataset.user = "7";
});

const FORM = `<form method="post" data-draft="new">
  <input name="csrfmiddlewaretoken" type="hidden" value="t"><input name="place" value=""><input name="code" type="password" value="secret">
  <input type="checkbox" name="kinds" value="a"><input type="checkbox" name="kinds" value="b"><select name="grade"><option value="g">g</option><option value="m">m</option></select>
  <div data-private><input name="id_card" value="1"></div><span data-draft-note></span></form>`;

const form = (): HTMLFormElement => document.querySelector("form") as HTMLFormElement;
const input = (name: string): HTMLInputElement => document.querySelector(`[name=${name}]`) as HTMLInputElement;

describe("drafts", () => {
  it("keep what was typed, but no secrets", () => {
    document.body.innerHTML = FORM;
    input("place").value = "配电室";
    (document.querySelector("[value=b]") as HTMLInputElement).checked = true;
    expect(collect(form())).toEqual({ place: ["配电室"], kinds: ["b"], grade: ["g"] });
  });

  it("come back to the same person's form, and to nobody else's", () => {
    store.set("draft:7:new", { at: Date.now(), values: { place: ["三号炉"], kinds: ["a"], grade: ["m"] } });
    document.body.innerHTML = FORM;
    startDrafts(document);
    expect(input("place").value).toBe("三号炉");
    expect(collect(form())).toEqual({ place: ["三号炉"], kinds: ["a"], grade: ["m"] });
    document.body.dataset.user = "8";
    document.body.innerHTML = FORM;
    startDrafts(document);
    expect(input("place").value).toBe("");
  });

  it("never overwrite a form that came back with errors, nor return after a week", () => {
    store.set("draft:7:new", { at: Date.now(), values: { place: ["old"] } });
    document.body.innerHTML = FORM.replace("<span", '<p class="has-error"></p><span').replace('name="place" value=""', 'name="place" value="sent"');
    startDrafts(document);
    expect(input("place").value).toBe("sent");
    store.set("draft:7:new", { at: Date.now() - 8 * 24 * 3600_000, values: { place: ["old"] } });
    document.body.innerHTML = FORM;
    startDrafts(document);
    expect(input("place").value).toBe("");
  });

  it("leave fields alone that were not in the draft", () => {
    document.body.innerHTML = FORM;
    input("place").value = "kept";
    restore(form(), { grade: ["m"] });
    expect(input("place").value).toBe("kept");
  });
});

describe("idempotency keys", () => {
  it("are given to every post form once, and anew when asked", () => {
    document.body.innerHTML = `<form method="post" id="a"></form><form method="post" id="b"><input type="hidden" name="idempotency_key" value="server"></form><form id="c"></form>`;
    giveKeys(document);
    const key = (id: string): string | undefined => document.querySelector<HTMLInputElement>(`#${id} [name=idempotency_key]`)?.value;
    const first = key("a");
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(key("b")).toBe("server");
    expect(key("c")).toBeUndefined();
    giveKeys(document);
    expect(key("a")).toBe(first);
    giveKeys(document, true);
    expect(key("a")).not.toBe(first);
    expect(key("b")).not.toBe("server");
  });
});

const TABLE = `<section data-table="t"><div data-columns><input type="checkbox" data-column="firm" checked><input type="radio" name="d" value="dense" data-density checked><input type="radio" name="d" value="roomy" data-density></div>
  <form data-bulk hidden><span data-bulk-words></span><button type="button" data-bulk-none></button></form>
  <table><thead><tr><th><input type="checkbox" data-check-all></th><th data-col="firm"></th></tr></thead><tbody>
  ${[1, 2, 3, 4].map((id) => `<tr><td><input type="checkbox" data-row-check value="${id}"></td><td data-col="firm"></td></tr>`).join("")}</tbody></table></section>`;

describe("tables", () => {
  const boxes = (): HTMLInputElement[] => Array.from(document.querySelectorAll<HTMLInputElement>("[data-row-check]"));

  it("remember hidden columns on this device", () => {
    document.body.innerHTML = TABLE;
    startTables(document);
    const box = document.querySelector("[data-column]") as HTMLInputElement;
    box.checked = false;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    document.body.innerHTML = TABLE;
    startTables(document);
    expect(Array.from(document.querySelectorAll("[data-col=firm]"), (cell) => cell.classList.contains("is-off"))).toEqual([true, true, true, true, true]);
  });

  it("show the bulk bar only while rows are chosen, and take a range with shift", () => {
    document.body.innerHTML = TABLE;
    startTables(document);
    const bar = document.querySelector("[data-bulk]") as HTMLFormElement;
    expect(bar.hidden).toBe(true);
    boxes()[0]?.click();
    expect(bar.hidden).toBe(false);
    const third = boxes()[2] as HTMLInputElement;
    third.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }));
    expect(boxes().map((box) => box.checked)).toEqual([true, true, true, false]);
    expect((document.querySelector("[data-check-all]") as HTMLInputElement).indeterminate).toBe(true);
    (document.querySelector("[data-bulk-none]") as HTMLButtonElement).click();
    expect(bar.hidden).toBe(true);
  });
});
