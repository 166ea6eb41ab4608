// What the map draws, as pure functions: numbers in circles, the shapes of the four colours, the style.
import tokens from "../../tokens.json";
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";

export type Risk = "red" | "orange" | "yellow" | "blue" | "none";
export type Place = { code: number; name: string; at: [number, number] | null; total: number; share: number | null; words: string; url: string };
export type Facts = {
  tiles: string;
  lastZoom: number;
  box: [number, number, number, number];
  places: Place[];
  boundaries: string;
  base: string[];
  source: string;
  point: string;
  list: string;
  worker: string;
  chinese: boolean;
  risks: Record<Risk, string>;
  words: Record<string, string>;
};
export type Feature = { layer: string; facts: Record<string, unknown>; at: [number, number] };

const color = tokens.color as Record<string, string>;
export const RISKS: Risk[] = ["red", "orange", "yellow", "blue", "none"];

export const fillOf = (risk: Risk): string => color[risk === "none" ? "grey-500" : `risk-${risk}`] ?? "";

// 1234 → 1.2k, in Chinese 1234 and 1.2万: a circle has room for four letters.
export function short(count: number, chinese: boolean): string {
  const [unit, word] = chinese ? [10_000, "万"] : [1_000, "k"];
  if (count < unit) return String(count);
  const share = count / unit;
  return (share < 9.95 ? share.toFixed(1).replace(/\.0$/, "") : String(Math.round(share))) + word;
}

// Parts of a ring are counted in as many steps, so that few pictures serve every cell.
export const STEPS = 16;
export type Picture = { kind: "cell"; worst: Risk; total: number; parts: number[] } | { kind: "point"; risk: Risk };

// The name of a picture carries what is to be drawn on it: "point|red", or "cell|red|120|3|0|9|4|0" with the parts from worst to none.
export function pictureOf(name: string): Picture | null {
  const [kind, word, total, ...rest] = name.split("|");
  const risk = word as Risk;
  if (!RISKS.includes(risk)) return null;
  if (kind === "point") return { kind, risk };
  const parts = rest.map(Number);
  if (kind !== "cell" || parts.length !== RISKS.length || !parts.every((part) => part >= 0)) return null;
  return { kind, worst: risk, total: Number(total), parts };
}

// A shape for each colour, in a square from -1 to 1: square, triangle, diamond, circle, ring.
export function trace(pen: Pick<Path2D, "moveTo" | "lineTo" | "closePath" | "arc" | "rect">, risk: Risk, x: number, y: number, r: number): void {
  if (risk === "red") pen.rect(x - r * 0.86, y - r * 0.86, r * 1.72, r * 1.72);
  else if (risk === "orange" || risk === "yellow") {
    const corners = risk === "orange" ? [[0, -1.05], [1.05, 0.85], [-1.05, 0.85]] : [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]];
    corners.forEach(([dx = 0, dy = 0], at) => (at ? pen.lineTo(x + dx * r, y + dy * r) : pen.moveTo(x + dx * r, y + dy * r)));
    pen.closePath();
  } else pen.arc(x, y, r, 0, Math.PI * 2);
}

export function radius(count: number): number {
  return Math.round(Math.min(26, 14 + Math.log10(Math.max(count, 1)) * 3.4));
}

// Steps of the share of red, drawn in the platform's own colour: the four colours mean single points' risks.
export const SHARES = [0.02, 0.05, 0.1, 0.2];
export function tint(share: number | null): string {
  const scale = ["teal-50", "teal-100", "teal-200", "teal-300", "teal-500"];
  return color[share === null ? "grey-100" : (scale[SHARES.filter((step) => share >= step).length] ?? "teal-50")] ?? "";
}

// The share of one colour in a cell, in steps; what is there is never rounded away.
const part = (risk: Risk): unknown => {
  const count = ["coalesce", ["get", risk], 0];
  return ["to-string", ["max", ["min", 1, count], ["round", ["*", STEPS, ["/", count, ["get", "total"]]]]]];
};

export function style(facts: Facts, origin: string): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {
    risks: { type: "vector", tiles: [origin + facts.tiles], minzoom: 0, maxzoom: facts.lastZoom },
  };
  const layers: LayerSpecification[] = [{ id: "ground", type: "background", paint: { "background-color": color["grey-100"] ?? "" } }];
  facts.base.forEach((address, at) => {
    sources[`base-${at}`] = { type: "raster", tiles: [address], tileSize: 256, maxzoom: 18, attribution: at ? "" : facts.source };
    layers.push({ id: `base-${at}`, type: "raster", source: `base-${at}` });
  });
  if (facts.boundaries) {
    sources["boundaries"] = { type: "geojson", data: origin + facts.boundaries };
    const tints = facts.places.flatMap((place) => [place.code, tint(place.share)]);
    const shown = ["in", ["get", "code"], ["literal", facts.places.map((place) => place.code)]];
    if (tints.length)
      layers.push({
        id: "shares",
        type: "fill",
        source: "boundaries",
        filter: shown as never,
        paint: { "fill-color": ["match", ["get", "code"], ...tints, "rgba(0,0,0,0)"] as never, "fill-opacity": facts.base.length ? 0.45 : 0.9 },
      });
    layers.push({ id: "borders", type: "line", source: "boundaries", paint: { "line-color": color["grey-500"] ?? "", "line-width": 0.8, "line-opacity": 0.6 } });
  }
  layers.push(
    {
      id: "cells",
      type: "symbol",
      source: "risks",
      "source-layer": "cells",
      layout: {
        "icon-image": ["concat", "cell|", ["get", "worst"], "|", ["to-string", ["get", "total"]], ...RISKS.flatMap((risk) => ["|", part(risk)])] as never,
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "symbol-sort-key": ["get", "total"],
      },
    },
    {
      id: "points",
      type: "symbol",
      source: "risks",
      "source-layer": "points",
      layout: {
        "icon-image": ["concat", "point|", ["get", "colour"]],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        // The worst lies on top.
        "symbol-sort-key": ["match", ["get", "colour"], "red", 4, "orange", 3, "yellow", 2, "blue", 1, 0],
      },
    },
  );
  return { version: 8, sources, layers };
}

// Each thing once, though it may be drawn in two tiles' copies; worst and largest first.
export function inView(features: Feature[], most: number): Feature[] {
  const seen = new Map<string, Feature>();
  for (const one of features) seen.set(one.layer === "points" ? String(one.facts["id"]) : one.at.join(), one);
  const rank = (one: Feature): number => RISKS.indexOf((one.facts["worst"] ?? one.facts["colour"]) as Risk);
  return [...seen.values()].sort((a, b) => rank(a) - rank(b) || Number(b.facts["total"] ?? 0) - Number(a.facts["total"] ?? 0)).slice(0, most);
}
