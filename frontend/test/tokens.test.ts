import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { strayRiskColours } from "../build/tokens.mjs";
import tokens from "../tokens.json";

const color = tokens.color as Record<string, string>;
const hex = (name: string): string => color[(tokens.role as Record<string, string>)[name] ?? name] ?? "";

// WCAG 2.2, relative luminance and contrast ratio.
function luminance(value: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function hue(value: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16)) as [number, number, number];
  const max = Math.max(r, g, b);
  const span = max - Math.min(r, g, b);
  const turn = max === r ? (g - b) / span : max === g ? 2 + (b - r) / span : 4 + (r - g) / span;
  return (turn * 60 + 360) % 360;
}

describe("tokens", () => {
  it.each(tokens.contrast as [string, string, number][])("%s on %s reaches %d:1", (ink, ground, least) => {
    expect(contrast(hex(ink), hex(ground))).toBeGreaterThanOrEqual(least);
  });

  it("name only colours that exist", () => {
    for (const of of Object.values(tokens.role)) expect(color[of]).toMatch(/^#[0-9a-f]{6}$/);
  });

  it("keep accent and danger at least 25° away from every legal risk hue", () => {
    for (const own of ["accent", "danger"]) {
      for (const risk of ["risk-red", "risk-orange", "risk-yellow", "risk-blue"]) {
        const apart = Math.abs(hue(hex(own)) - hue(hex(risk)));
        expect(Math.min(apart, 360 - apart), `${own} and ${risk}`).toBeGreaterThanOrEqual(25);
      }
    }
  });
});

describe("legal risk colours", () => {
  it("are found where they do not belong", () => {
    expect(strayRiskColours(".btn { color: var(--risk-red); } .risk-red { color: var(--risk-red); }")).toEqual([".btn"]);
  });

  it("appear in our sheets on risks alone", () => {
    const folder = new URL("../src/styles/", import.meta.url);
    for (const name of readdirSync(folder)) expect(strayRiskColours(readFileSync(new URL(name, folder), "utf8")), name).toEqual([]);
  });
});
