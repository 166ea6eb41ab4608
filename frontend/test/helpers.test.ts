// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { option, seriesColor } from "../src/lib/chart";
import { isWholePage } from "../src/lib/text";
import { uuid } from "../src/lib/key";
import { problemWords, refusal } from "../src/lib/photos";
import { tick } from "../src/lib/time";
import { fill } from "../src/lib/words";

const HOUR = 3600_000;
const DAY = 24 * HOUR;

describe("time left", () => {
  it("ticks in hours only within a day of the due moment", () => {
    expect(tick(3 * DAY, 0, 0)).toEqual({ used: 0, mood: "calm", clock: null });
    expect(tick(3 * DAY, 0, 3 * DAY - 5 * HOUR - 20 * 60_000).clock).toEqual({ h: 5, m: 20, late: false });
    expect(tick(DAY, null, DAY + 61 * 60_000)).toEqual({ used: 100, mood: "late", clock: { h: 1, m: 1, late: true } });
  });
  it("warns when three quarters are used, even with days left", () => {
    expect(tick(8 * DAY, 0, 6 * DAY).mood).toBe("soon");
    expect(tick(8 * DAY, 0, 5 * DAY).mood).toBe("calm");
    expect(tick(8 * DAY, null, 6 * DAY)).toEqual({ used: null, mood: "calm", clock: null });
  });
  it("never leaves the bar, whatever the clock of the machine says", () => {
    expect(tick(8 * DAY, 2 * DAY, 0).used).toBe(0);
    expect(tick(DAY, DAY, 0).used).toBeNull();
  });
});

describe("keys", () => {
  it("are version 4 uuids made of the bytes given", () => {
    expect(uuid((bytes) => bytes.fill(0xff))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
    expect(uuid((bytes) => bytes.fill(0))).toBe("00000000-0000-4000-8000-000000000000");
    expect(uuid()).not.toBe(uuid());
  });
});

describe("words", () => {
  it("fill in what is known and leave the rest to be seen", () => {
    expect(fill("{n} of {m}", { n: 3 })).toBe("3 of {m}");
  });
});

describe("photos", () => {
  it("are refused before they travel", () => {
    expect(refusal({ size: 21 * 1024 * 1024, type: "image/jpeg", name: "a.jpg" })).toBe("too_large");
    expect(refusal({ size: 10, type: "text/plain", name: "a.jpg" })).toBe("not_a_photo");
    expect(refusal({ size: 10, type: "application/pdf", name: "a.pdf" })).toBe("not_a_photo");
    expect(refusal({ size: 10, type: "application/pdf", name: "a.PDF" }, true)).toBe("");
    expect(refusal({ size: 10, type: "application/msword", name: "a.doc" }, true)).toBe("not_a_document");
    expect(refusal({ size: 30 * 1024 * 1024, type: "", name: "a.docx" }, true)).toBe("too_large");
    expect(refusal({ size: 10, type: "", name: "IMG_1.HEIC" })).toBe("");
    expect(refusal({ size: 10, type: "", name: "a.exe" })).toBe("not_a_photo");
  });
  it("show the server's own reason", () => {
    expect(problemWords(422, '{"title":"t","detail":"照片不完整"}')).toBe("照片不完整");
    expect(problemWords(413, "<html>")).toBe("photo_failed (413)");
    expect(problemWords(0, "")).toBe("offline");
  });
});

describe("charts", () => {
  const figure = { kind: "stacked" as const, labels: ["a", "b"], series: [{ name: "x", values: [1, null] }, { name: "y", values: [2, 3], tone: "late" }] };
  it("draw tooltips on the canvas, for the content policy forbids inline style", () => {
    for (const kind of ["line", "bar", "stacked", "ranking", "heat"] as const) {
      expect(option({ ...figure, kind })).toMatchObject({ tooltip: { renderMode: "richText" }, animation: false });
    }
  });
  it("stack only what is to be stacked, and rank from the top", () => {
    expect(option(figure)).toMatchObject({ series: [{ stack: "all" }, { stack: "all" }] });
    expect(option({ ...figure, kind: "bar" })).toMatchObject({ series: [{ stack: undefined }, { stack: undefined }] });
    expect(option({ ...figure, kind: "ranking" })).toMatchObject({ yAxis: { type: "category", inverse: true }, xAxis: { type: "value" } });
  });
  it("wear a risk colour only where the series says so", () => {
    expect(seriesColor({ name: "", values: [], tone: "risk-red" }, 0)).toBe("#c4161c");
    expect(seriesColor({ name: "", values: [], tone: "nonsense" }, 0)).toBe("#13706e");
  });
});

describe("answers", () => {
  it("are told whole pages from fragments", () => {
    expect(isWholePage("\n<!doctype html><html>")).toBe(true);
    expect(isWholePage("<HTML lang=zh>")).toBe(true);
    expect(isWholePage("<div><html></div>")).toBe(false);
  });
});
