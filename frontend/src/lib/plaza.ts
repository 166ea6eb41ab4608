// What the plaza's map draws, as pure functions.
import tokens from "../../tokens.json";
import type { Place } from "./placenames";
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";

export type Facts = { points: string; box: [number, number, number, number]; base: string[]; places: Place[]; source: string; worker: string; words: Record<string, string> };

const color = tokens.color as Record<string, string>;
const paint = (name: string): string => color[name] ?? "";

export function style(facts: Facts, origin: string): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {
    reports: { type: "geojson", data: origin + facts.points, cluster: true, clusterMaxZoom: 15, clusterRadius: 44 },
  };
  const layers: LayerSpecification[] = [{ id: "ground", type: "background", paint: { "background-color": paint("grey-100") } }];
  facts.base.forEach((address, at) => {
    sources[`base-${at}`] = { type: "raster", tiles: [address], tileSize: 256, maxzoom: 18, attribution: at ? "" : facts.source };
    layers.push({ id: `base-${at}`, type: "raster", source: `base-${at}` });
  });
  layers.push(
    {
      // A style without fonts has no letters: the number in a heap is drawn into its picture.
      id: "heaps",
      type: "symbol",
      source: "reports",
      filter: ["has", "point_count"],
      layout: {
        "icon-image": ["concat", "heap|", ["to-string", ["get", "point_count"]]],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
    {
      id: "reports",
      type: "circle",
      source: "reports",
      filter: ["!", ["has", "point_count"]],
      paint: {
        "circle-radius": 7,
        "circle-color": ["case", ["get", "done"], paint("teal-600"), paint("white")],
        "circle-stroke-width": 3,
        "circle-stroke-color": paint("teal-600"),
      },
    },
  );
  return { version: 8, sources, layers };
}

// How many a heap's picture stands for; null for a picture that is none.
export function heapOf(name: string): number | null {
  const found = /^heap\|([0-9]{1,6})$/.exec(name);
  return found ? Number(found[1]) : null;
}

// The more lie in a heap, the larger it is.
export const radiusOf = (count: number): number => Math.round(Math.min(28, 13 + Math.log10(Math.max(count, 1)) * 6));

type Pen = Pick<CanvasRenderingContext2D, "beginPath" | "arc" | "fill" | "stroke" | "fillText" | "fillStyle" | "strokeStyle" | "lineWidth" | "font" | "textAlign" | "textBaseline">;

export function drawHeap(pen: Pen, count: number): void {
  const r = radiusOf(count);
  pen.beginPath();
  pen.arc(r + 2, r + 2, r, 0, Math.PI * 2);
  pen.fillStyle = paint("teal-700");
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = paint("white");
  pen.stroke();
  pen.fillStyle = paint("white");
  pen.font = "600 13px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(count), r + 2, r + 3);
}
