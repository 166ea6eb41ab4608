// The desk's small map: what waits as dots, the report that is looked at with a ring. Without WebGL the desk goes on without it.
import { AttributionControl, Map as Chart, LngLatBounds, NavigationControl, setWorkerUrl, type GeoJSONSource, type LayerSpecification, type SourceSpecification } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import tokens from "../../tokens.json";
import { placeNames, type Place } from "./placenames";

export type Spot = { id: string; at: [number, number] | null; urgent: boolean };
export type MapFacts = { box: [number, number, number, number]; base: string[]; places: Place[]; source: string; worker: string; words: Record<string, string> };
export type DeskMap = { show: (spots: Spot[], chosen: string) => void; aim: (lon: string | undefined, lat: string | undefined, id: string) => void };

const color = tokens.color as Record<string, string>;
const NEAR = 14;
const BARE = 9; // without a base map, near enough only as long as names of places are in sight
const NAMES_UNTIL = 11.5;

export function features(spots: Spot[], chosen: string): FeatureCollection {
  const placed = spots.filter((spot): spot is Spot & { at: [number, number] } => spot.at !== null);
  return {
    type: "FeatureCollection",
    features: placed.map((spot) => ({ type: "Feature", geometry: { type: "Point", coordinates: spot.at }, properties: { id: spot.id, kind: spot.id === chosen ? 2 : spot.urgent ? 1 : 0 } })),
  };
}

export function boxOf(spots: Spot[]): [number, number, number, number] | null {
  const all = spots.flatMap((spot) => (spot.at ? [spot.at] : []));
  if (!all.length) return null;
  const lons = all.map((at) => at[0]);
  const lats = all.map((at) => at[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

function drawable(): boolean {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

export function deskMap(holder: HTMLElement | null, facts: MapFacts | null, open: (id: string) => void): DeskMap | null {
  if (!holder || !facts || !drawable()) return null;
  holder.hidden = false;
  const near = facts.base.length ? NEAR : BARE;
  setWorkerUrl(new URL(facts.worker, location.href).href);
  const sources: Record<string, SourceSpecification> = { spots: { type: "geojson", data: features([], "") } };
  const layers: LayerSpecification[] = [{ id: "ground", type: "background", paint: { "background-color": color["grey-100"] ?? "" } }];
  facts.base.forEach((address, at) => {
    sources[`base-${at}`] = { type: "raster", tiles: [address], tileSize: 256, maxzoom: 18, attribution: at ? "" : facts.source };
    layers.push({ id: `base-${at}`, type: "raster", source: `base-${at}` });
  });
  layers.push({
    id: "spots",
    type: "circle",
    source: "spots",
    layout: { "circle-sort-key": ["get", "kind"] },
    paint: {
      "circle-radius": ["match", ["get", "kind"], 2, 9, 1, 7, 5],
      "circle-color": ["match", ["get", "kind"], 2, color["teal-600"] ?? "", 1, color["plum-700"] ?? "", color["teal-300"] ?? ""],
      "circle-stroke-color": ["match", ["get", "kind"], 2, color["teal-950"] ?? "", color["white"] ?? "#fff"],
      "circle-stroke-width": ["match", ["get", "kind"], 2, 3, 1.5],
    },
  });
  let map: Chart;
  try {
    map = new Chart({
      container: holder,
      style: { version: 8, sources, layers },
      bounds: new LngLatBounds(facts.box),
      fitBoundsOptions: { padding: 24, maxZoom: near },
      maxZoom: 18,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      cooperativeGestures: false,
      locale: { "NavigationControl.ZoomIn": facts.words["ZoomIn"] ?? "", "NavigationControl.ZoomOut": facts.words["ZoomOut"] ?? "", "Map.Title": facts.words["map"] ?? "" },
    });
  } catch {
    holder.hidden = true;
    return null;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  if (facts.source) map.addControl(new AttributionControl({ compact: true }), "bottom-right");
  map.on("click", "spots", (event) => {
    const id = event.features?.[0]?.properties["id"] as string | undefined;
    if (id) open(id);
  });
  map.on("mouseenter", "spots", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "spots", () => (map.getCanvas().style.cursor = ""));
  placeNames(map, facts.places, NAMES_UNTIL);
  let framed = false;
  const ready = new Promise<void>((done) => void map.once("load", () => done()));
  return {
    show: (spots, chosen) =>
      void ready.then(() => {
        (map.getSource("spots") as GeoJSONSource | undefined)?.setData(features(spots, chosen));
        const box = framed ? null : boxOf(spots);
        if (!box) return;
        framed = true;
        map.fitBounds(new LngLatBounds(box), { padding: 36, maxZoom: near, animate: false });
      }),
    aim: (lon, lat) => {
      const at: [number, number] = [Number(lon), Number(lat)];
      if (!lon || !lat || at.some(Number.isNaN)) return;
      framed = true;
      void ready.then(() => map.jumpTo({ center: at, zoom: Math.max(map.getZoom(), near - 1) }));
    },
  };
}
