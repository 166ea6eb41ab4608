import { AttributionControl, LngLatBounds, Map as Chart, Marker, NavigationControl, Popup, ScaleControl, setWorkerUrl, type MapGeoJSONFeature } from "maplibre-gl";
import { inView, pictureOf, style, type Facts, type Feature, type Risk } from "./lib/mapping";
import { draw, sizeOf } from "./lib/picture";
import { fill } from "./lib/words";

const LISTED = 60;
const SHARP = 2; // pictures are drawn for screens of double density
const NAMES_UNTIL = 11.5;

const holder = document.querySelector<HTMLElement>("[data-risk-map]");
const raw = document.getElementById("risk-map");
if (holder && raw) start(holder, JSON.parse(raw.textContent ?? "{}") as Facts);

function drawable(): boolean {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

function start(frame: HTMLElement, facts: Facts): void {
  if (!drawable()) return; // the page already says where to look instead
  const canvas = frame.querySelector<HTMLElement>("[data-map-canvas]");
  if (!canvas) return;
  setWorkerUrl(new URL(facts.worker, location.href).href);
  canvas.replaceChildren();
  frame.classList.add("is-drawn");
  let map: Chart;
  try {
    map = new Chart({
      container: canvas,
      style: style(facts, location.origin),
      bounds: new LngLatBounds(facts.box),
      fitBoundsOptions: { padding: 48, maxZoom: 15 },
      maxZoom: facts.lastZoom + 1,
      minZoom: 2,
      hash: "at",
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      locale: { "NavigationControl.ZoomIn": facts.words["ZoomIn"] ?? "", "NavigationControl.ZoomOut": facts.words["ZoomOut"] ?? "", "Popup.Close": facts.words["Close"] ?? "", "Map.Title": facts.words["map"] ?? "" },
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
  map.setMissingStyleImageResolver((id) => paint(map, id, facts));
  names(map, facts);
  presses(map, facts);
  listing(map, facts, frame);
  map.on("idle", () => (frame.dataset.idle = String(Math.round(map.getZoom() * 10) / 10)));
}

function paint(map: Chart, id: string, facts: Facts): void {
  const wanted = pictureOf(id);
  if (!wanted || map.hasImage(id)) return;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = sizeOf(wanted) * SHARP;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return;
  pen.scale(SHARP, SHARP);
  draw(pen, wanted, facts.chinese);
  map.addImage(id, pen.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: SHARP });
}

// Names of the territories that the table shows, as elements of the page: the reader's own letters.
function names(map: Chart, facts: Facts): void {
  const labels: HTMLElement[] = [];
  for (const place of facts.places) {
    if (!place.at || !place.name) continue;
    const label = document.createElement("span");
    label.className = "map-name";
    label.textContent = place.name;
    label.title = place.words;
    labels.push(label);
    new Marker({ element: label, anchor: "bottom", offset: [0, -20] }).setLngLat(place.at).addTo(map);
  }
  const look = (): void => labels.forEach((label) => (label.hidden = map.getZoom() > NAMES_UNTIL));
  map.on("zoom", look);
  look();
}

function presses(map: Chart, facts: Facts): void {
  const drawn = ["cells", "points"];
  const hint = new Popup({ closeButton: false, closeOnClick: false, offset: 14, className: "map-hint" });
  map.on("click", (event) => {
    // A finger is wider than a point.
    const { x, y } = event.point;
    const found = map.queryRenderedFeatures([[x - 4, y - 4], [x + 4, y + 4]], { layers: drawn });
    const points = inView(found.map(plain), 200).filter((one) => one.layer === "points");
    const cell = found.find((one) => one.layer.id === "cells");
    hint.remove();
    if (cell) zoomTo(map, plain(cell), facts);
    else if (points.length === 1 && points[0] && facts.point) location.assign(address(points[0], facts));
    else if (points.length > 1) several(map, points, facts);
  });
  map.on("mousemove", (event) => {
    const found = map.queryRenderedFeatures(event.point, { layers: drawn })[0];
    map.getCanvas().style.cursor = found ? "pointer" : "";
    if (!found) return void hint.remove();
    const one = plain(found);
    hint.setLngLat(one.at).setText(wordsOf(one, facts)).addTo(map);
  });
  map.on("mouseout", () => hint.remove());
}

function plain(feature: MapGeoJSONFeature): Feature {
  const [lon = 0, lat = 0] = feature.geometry.type === "Point" ? feature.geometry.coordinates : [];
  return { layer: feature.layer.id, facts: feature.properties, at: [lon, lat] };
}

function wordsOf(one: Feature, facts: Facts, key = "cell"): string {
  if (one.layer === "points") return `${one.facts["name"]} · ${facts.risks[one.facts["colour"] as Risk]}`;
  return fill(facts.words[key] ?? "", { n: Number(one.facts["total"]).toLocaleString(), worst: facts.risks[one.facts["worst"] as Risk] });
}

const address = (one: Feature, facts: Facts): string => facts.point.replace("{id}", String(one.facts["id"]));

function zoomTo(map: Chart, one: Feature, facts: Facts): void {
  if (map.getZoom() < facts.lastZoom) return void map.easeTo({ center: one.at, zoom: Math.min(map.getZoom() + 2, facts.lastZoom) });
  // As near as one can see, and still too many in one spot.
  const box = document.createElement("div");
  box.append(paragraph(fill(facts.words["here"] ?? "", { n: Number(one.facts["total"]).toLocaleString() })));
  if (facts.list) box.append(link(facts.list, facts.words["open"] ?? ""));
  new Popup({ maxWidth: "280px" }).setLngLat(one.at).setDOMContent(box).addTo(map);
}

function several(map: Chart, points: Feature[], facts: Facts): void {
  const list = document.createElement("ul");
  list.className = "map-several";
  for (const one of points) list.append(item(one, facts, map));
  const first = points[0];
  if (first) new Popup({ maxWidth: "300px" }).setLngLat(first.at).setDOMContent(list).addTo(map);
}

function paragraph(words: string): HTMLElement {
  const found = document.createElement("p");
  found.textContent = words;
  return found;
}

function link(url: string, words: string): HTMLElement {
  const found = document.createElement("a");
  found.href = url;
  found.textContent = words;
  return found;
}

function item(one: Feature, facts: Facts, map: Chart): HTMLElement {
  const line = document.createElement("li");
  const risk = (one.facts["worst"] ?? one.facts["colour"]) as Risk;
  const mark = document.createElement("span");
  mark.className = `risk-shape risk-shape-${risk}`;
  mark.setAttribute("aria-hidden", "true");
  line.append(mark);
  if (one.layer === "points") line.append(facts.point ? link(address(one, facts), wordsOf(one, facts)) : wordsOf(one, facts));
  else {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn-link";
    button.textContent = wordsOf(one, facts, "zoom");
    button.addEventListener("click", () => {
      zoomTo(map, one, facts);
    });
    line.append(button);
  }
  return line;
}

// What is in view as a list: for the keyboard, for a screen reader, and for those who would rather read.
function listing(map: Chart, facts: Facts, frame: HTMLElement): void {
  const drawer = frame.querySelector<HTMLDetailsElement>("[data-map-list]");
  const body = drawer?.querySelector<HTMLElement>("[data-map-items]");
  if (!drawer || !body) return;
  const look = (): void => {
    if (!drawer.open) return;
    const all = inView(map.queryRenderedFeatures({ layers: ["cells", "points"] }).map(plain), Infinity);
    body.replaceChildren(...all.slice(0, LISTED).map((one) => item(one, facts, map)));
    if (!all.length) body.append(paragraph(facts.words["nothing"] ?? ""));
    if (all.length > LISTED) body.append(paragraph(fill(facts.words["more"] ?? "", { n: all.length - LISTED })));
  };
  drawer.addEventListener("toggle", look);
  map.on("idle", look);
}
