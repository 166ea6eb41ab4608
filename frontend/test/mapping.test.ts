import { createExpression, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import { fillOf, inView, pictureOf, radius, short, style, tint, trace, type Facts, type Feature, type Risk } from "../src/lib/mapping";

const facts: Facts = {
  tiles: "/risks/map/tiles/{z}/{x}/{y}.mvt?colour=red",
  lastZoom: 18,
  box: [111, 35, 112, 37],
  places: [
    { code: 141002000000, name: "尧都区", at: [111.5, 36], total: 10, share: 0.12, words: "", url: "" },
    { code: 141021000000, name: "曲沃县", at: null, total: 1, share: null, words: "", url: "" },
  ],
  boundaries: "",
  base: [],
  source: "",
  point: "/risk-points/{id}/",
  list: "",
  worker: "/static/build/map-worker.js",
  chinese: true,
  risks: { red: "重大风险", orange: "较大风险", yellow: "一般风险", blue: "低风险", none: "未评估" },
  words: {},
};

describe("a circle's number", () => {
  it("has at most four letters or so", () => {
    expect([1, 999, 9_999, 10_000, 12_345, 99_600, 1_000_000].map((n) => short(n, true))).toEqual(["1", "999", "9999", "1万", "1.2万", "10万", "100万"]);
    expect([999, 1_000, 1_250, 9_960, 1_000_000].map((n) => short(n, false))).toEqual(["999", "1k", "1.3k", "10k", "1000k"]);
  });
  it("stands in a circle that grows slowly and never too far", () => {
    expect(radius(1)).toBe(14);
    expect(radius(1_000_000)).toBe(26);
  });
});

describe("pictures", () => {
  it("are read from their names, and no other names are taken", () => {
    expect(pictureOf("cell|red|120|1|2|3|10|0")).toEqual({ kind: "cell", worst: "red", total: 120, parts: [1, 2, 3, 10, 0] });
    expect(pictureOf("point|none")).toEqual({ kind: "point", risk: "none" });
    expect(pictureOf("cell|red|120")).toBeNull();
    expect(pictureOf("cell|red|120|1|2|3|x|0")).toBeNull();
    expect(pictureOf("point|pink")).toBeNull();
    expect(pictureOf("flag|red")).toBeNull();
  });
  it("have a shape and a fill of their own for each colour", () => {
    const shapes = (["red", "orange", "yellow", "blue"] as Risk[]).map((risk) => {
      const steps: string[] = [];
      const pen = Object.fromEntries(["moveTo", "lineTo", "closePath", "arc", "rect"].map((name) => [name, (...at: number[]) => void steps.push(`${name} ${at.map((n) => n.toFixed(1)).join()}`)]));
      trace(pen as unknown as Path2D, risk, 0, 0, 1);
      return `${steps.join(" ")} ${fillOf(risk)}`;
    });
    expect(new Set(shapes).size).toBe(4);
  });
});

describe("the style", () => {
  it.each([facts, { ...facts, boundaries: "/b.json", base: ["https://t.example/{z}/{x}/{y}", "https://t.example/n/{z}/{x}/{y}"], source: "某图" }, { ...facts, boundaries: "/b.json", places: [] }])("is one that the map takes (%#)", (given) => {
    const made = style(given, "https://anlan.example");
    expect(validateStyleMin(made)).toEqual([]);
    expect(made.glyphs).toBeUndefined();
    expect(JSON.stringify(made)).toContain("https://anlan.example/risks/map/tiles/{z}/{x}/{y}.mvt?colour=red");
    expect(made.layers.slice(-2).map((layer) => layer.id)).toEqual(["cells", "points"]);
  });
  it("names a ring by its colours' shares, and rounds nothing away", () => {
    const cells = style(facts, "").layers.find((layer) => layer.id === "cells") as { layout: Record<string, unknown> };
    const made = createExpression(cells.layout["icon-image"], "icon-image");
    const name = (properties: Record<string, number | string>): unknown => made.result === "success" && String(made.value.evaluate({ zoom: 9 } as never, { type: 1, properties } as never));
    expect(name({ total: 1000, worst: "red", red: 1, blue: 999 })).toBe("cell|red|1000|1|0|0|16|0");
    expect(name({ total: 4, worst: "orange", orange: 1, none: 3 })).toBe("cell|orange|4|0|4|0|0|12");
  });
  it("tints territories in the platform's colour, by share", () => {
    expect(new Set([0, 0.03, 0.07, 0.15, 0.5, null].map(tint)).size).toBe(6);
    expect([0, 0.5].map(tint)).not.toContain(fillOf("red"));
  });
});

describe("what is in view", () => {
  const point = (id: string, colour: Risk): Feature => ({ layer: "points", facts: { id, colour, name: id }, at: [0, 0] });
  const cell = (total: number, worst: Risk, lon: number): Feature => ({ layer: "cells", facts: { total, worst }, at: [lon, 0] });
  it("names each thing once, the worst and the largest first", () => {
    const found = inView([point("b", "blue"), cell(3, "red", 1), cell(9, "red", 2), point("b", "blue"), point("r", "red"), point("n", "none")], 9);
    expect(found.map((one) => one.facts["id"] ?? one.facts["total"])).toEqual([9, 3, "r", "b", "n"]);
    expect(inView(found, 2)).toHaveLength(2);
  });
});
