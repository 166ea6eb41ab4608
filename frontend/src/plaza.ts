// The plaza's map: the newest public reports, clustered. The list below the map says the same.
import { AttributionControl, LngLatBounds, Map as Chart, NavigationControl, Popup, ScaleControl, setWorkerUrl, type GeoJSONSource, type LngLatLike, type MapGeoJSONFeature } from "maplibre-gl";
import { placeNames } from "./lib/placenames";
import { drawHeap, heapOf, radiusOf, style, type Facts } from "./lib/plaza";

const NAMES_UNTIL = 11.5;
const SHARP = 2; // pictures are drawn for screens of double density

const holder = document.querySelector<HTMLElement>("[data-plaza-map]");
const raw = document.getElementById("plaza-map");
if (holder && raw) start(holder, JSON.parse(raw.textContent ?? "{}") as Facts);

function drawable(): boolean {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

function start(frame: HTMLElement, facts: Facts): void {
  const canvas = frame.querySelector<HTMLElement>("[data-map-canvas]");
  if (!canvas || !drawable()) return; // the page already says where to look instead
  setWorkerUrl(new URL(facts.worker, location.href).href);
  canvas.replaceChildren();
  frame.classList.add("is-drawn");
  let map: Chart;
  try {
    map = new Chart({
      container: canvas,
      style: style(facts, location.origin),
      bounds: new LngLatBounds(facts.box),
      fitBoundsOptions: { padding: 40, maxZoom: 14 },
      maxZoom: 17, // nearer, a place rounded to 100 m would look exact
      minZoom: 2,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      cooperativeGestures: matchMedia("(pointer: coarse)").matches,
      renderWorldCopies: false,
      fadeDuration: 0,
      locale: {
        "NavigationControl.ZoomIn": facts.words["ZoomIn"] ?? "",
        "NavigationControl.ZoomOut": facts.words["ZoomOut"] ?? "",
        "Popup.Close": facts.words["Close"] ?? "",
        "Map.Title": facts.words["map"] ?? "",
        "CooperativeGesturesHandler.MobileHelpText": facts.words["fingers"] ?? "",
      },
    });
  } catch {
    frame.classList.remove("is-drawn");
    canvas.textContent = facts.words["broken"] ?? "";
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
  if (facts.source) map.addControl(new AttributionControl({ compact: false }), "bottom-right");
  placeNames(map, facts.places, NAMES_UNTIL);
  map.setMissingStyleImageResolver((id) => paint(map, id));
  map.on("click", (event) => void press(map, event.point.x, event.point.y));
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = map.queryRenderedFeatures(event.point, { layers: ["heaps", "reports"] }).length ? "pointer" : "";
  });
  map.on("idle", () => (frame.dataset.idle = String(Math.round(map.getZoom() * 10) / 10)));
}

function paint(map: Chart, id: string): void {
  const count = heapOf(id);
  if (count === null || map.hasImage(id)) return;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = (radiusOf(count) + 2) * 2 * SHARP;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return;
  pen.scale(SHARP, SHARP);
  drawHeap(pen, count);
  map.addImage(id, pen.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: SHARP });
}

async function press(map: Chart, x: number, y: number): Promise<void> {
  // A finger is wider than a point.
  const found = map.queryRenderedFeatures([[x - 6, y - 6], [x + 6, y + 6]], { layers: ["heaps", "reports"] });
  const heap = found.find((one) => one.layer.id === "heaps");
  if (heap) {
    const at = place(heap.geometry);
    const zoom = await map.getSource<GeoJSONSource>("reports")?.getClusterExpansionZoom(Number(heap.properties["cluster_id"]));
    map.easeTo({ center: at, zoom: Math.min(zoom ?? map.getZoom() + 2, 17) });
    return;
  }
  const first = found[0];
  if (!first) return;
  const list = document.createElement("ul");
  list.className = "map-several";
  const seen = new Set<string>();
  for (const one of found) {
    const url = String(one.properties["url"]);
    if (seen.has(url)) continue;
    seen.add(url);
    list.append(line(url, String(one.properties["words"]), String(one.properties["note"])));
  }
  new Popup({ maxWidth: "300px" }).setLngLat(place(first.geometry)).setDOMContent(list).addTo(map);
}

function line(url: string, words: string, note: string): HTMLElement {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = words;
  const small = document.createElement("small");
  small.className = "muted";
  small.textContent = ` ${note}`;
  const box = document.createElement("span");
  box.append(link, small);
  item.append(box);
  return item;
}

function place(geometry: MapGeoJSONFeature["geometry"]): LngLatLike {
  const [lon = 0, lat = 0] = geometry.type === "Point" ? geometry.coordinates : [];
  return [lon, lat];
}
