import { describe, expect, it } from "vitest";
import { drawHeap, heapOf, radiusOf, style, type Facts } from "../src/lib/plaza";

const facts: Facts = { points: "/plaza/points.json?q=1", box: [111, 36, 112, 37], base: ["https://tiles.example/{z}/{x}/{y}"], places: [], source: "Tiles", worker: "", words: {} };

describe("the plaza's map", () => {
  it("asks our own host for the points and draws them above the base map", () => {
    const found = style(facts, "https://city.example");
    expect(found.sources["reports"]).toMatchObject({ data: "https://city.example/plaza/points.json?q=1", cluster: true });
    expect(found.layers.map((layer) => layer.id)).toEqual(["ground", "base-0", "heaps", "reports"]);
  });

  it("reads how many a heap stands for and refuses any other picture", () => {
    expect(heapOf("heap|12")).toBe(12);
    for (const name of ["heap|", "heap|-1", "heap|1e9", "heap|12|3", "point|red", ""]) expect(heapOf(name)).toBeNull();
  });

  it("grows with the number, within limits", () => {
    expect(radiusOf(2)).toBeLessThan(radiusOf(50));
    expect(radiusOf(1e9)).toBe(28);
  });

  it("writes the number into the circle", () => {
    const said: unknown[] = [];
    const pen = { beginPath() {}, arc() {}, fill() {}, stroke() {}, fillText: (...args: unknown[]) => said.push(args[0]), fillStyle: "", strokeStyle: "", lineWidth: 0, font: "", textAlign: "start" as CanvasTextAlign, textBaseline: "top" as CanvasTextBaseline };
    drawHeap(pen, 7);
    expect(said).toEqual(["7"]);
  });
});
