import { describe, expect, it, vi } from "vitest";
import type { Ask } from "@anlan/core";
import { asked, begin, dataOf, photosIn, toldOf, wrong } from "../src/lib/asks";

// The real ones live in a browser.
vi.mock("../src/state/settings", () => ({ settings: { language: "zh" } }));

const ask = (name: string, kind: Ask["kind"], more: Partial<Ask> = {}): Ask => ({ name, kind, label: name, help: "", required: false, least: 0, limit: null, options: [], value: null, when: null, ...more });

const RECHECK = [
  ask("passed", "passed", { required: true }),
  ask("remark", "prose", { required: true, least: 4 }),
  ask("photos", "photos", { required: true, least: 1 }),
  ask("on_site", "yesno", { value: true }),
  ask("officers", "officers", { required: true, least: 1, options: [["p1", "李某"], ["p2", "王某"]] }),
  ask("new_due", "day", { required: true, when: { field: "passed", value: false } }),
];

describe("a form made from a step", () => {
  it("begins with what is known, the day being that of the act", () => {
    const asks = [...RECHECK, ask("finished_on", "day", { value: "today" }), ask("funds_fen", "money", { value: 120_050 })];
    const values = begin(asks, "2026-11-22");
    expect(values).toMatchObject({ passed: "", on_site: "true", photos: [], finished_on: "2026-11-22", funds_fen: "1200.5" });
  });

  it("asks for the new date only of a recheck that failed", () => {
    const values = begin(RECHECK, "2026-11-22");
    expect(asked(RECHECK, values).map((one) => one.name)).not.toContain("new_due");
    expect(asked(RECHECK, { ...values, passed: "true" }).map((one) => one.name)).not.toContain("new_due");
    expect(asked(RECHECK, { ...values, passed: "false" }).map((one) => one.name)).toContain("new_due");
    expect(dataOf(RECHECK, { ...values, passed: "true", new_due: "2026-12-01" })).not.toHaveProperty("new_due");
  });

  it("says what is wrong at each field, and nothing of what is not asked", () => {
    const values = { ...begin(RECHECK, "2026-11-22"), remark: " 好 " };
    expect(Object.keys(wrong(RECHECK, values, false))).toEqual(["passed", "remark", "photos", "officers"]);
    const whole = { ...values, passed: "true", remark: "已消除隐患", photos: ["h"], officers: ["p2"] };
    expect(wrong(RECHECK, whole, false)).toEqual({});
    expect(Object.keys(wrong(RECHECK, { ...whole, passed: "false" }, false))).toEqual(["new_due"]);
    expect(Object.keys(wrong([ask("drawing", "signature", { required: true })], {}, false))).toEqual(["drawing"]);
  });

  it("sends truth as truth, money in fen, and photos beside the data", () => {
    const asks = [...RECHECK, ask("funds_fen", "money"), ask("cost", "yuan"), ask("empty", "line"), ask("digest", "hidden", { value: "d1" })];
    const values = { ...begin(asks, "2026-11-22"), passed: "false", remark: "松动，未联锁", photos: ["h1"], officers: ["p1"], new_due: "2026-12-01", funds_fen: "１,２00.50", cost: "0.1", digest: "stale" };
    expect(dataOf(asks, values)).toEqual({ passed: false, remark: "松动，未联锁", on_site: true, officers: ["p1"], new_due: "2026-12-01", funds_fen: 120_050, cost: "0.1", digest: "d1" });
    expect(photosIn(asks, values)).toEqual(["h1"]);
    expect(Object.keys(wrong([ask("cost", "yuan")], { cost: "1.234" }, false))).toEqual(["cost"]);
  });

  it("brings back what was sent, but never an old digest or signature", () => {
    const asks = [...RECHECK, ask("funds_fen", "money"), ask("digest", "hidden", { value: "new" }), ask("drawing", "signature")];
    const sent = { passed: false, remark: "松动", officers: ["p1"], funds_fen: 100, digest: "old", drawing: "data:…" };
    expect(begin(asks, "2026-11-22", sent)).toMatchObject({ passed: "false", remark: "松动", officers: ["p1"], funds_fen: "1", digest: "new", drawing: "" });
  });

  it("tells in words what was done", () => {
    const values = { ...begin(RECHECK, "2026-11-22"), passed: "true", remark: "已消除", officers: ["p1", "p2"], photos: ["h"] };
    expect(toldOf(RECHECK, values, (_one, value) => value)).toEqual([["passed", "通过"], ["remark", "已消除"], ["on_site", "是"], ["officers", "李某、王某"]]);
  });
});
