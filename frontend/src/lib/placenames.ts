// Names of places on a map as elements of the page: a style without fonts has no letters, and the reader's own are better.
import { Marker, type Map as Chart } from "maplibre-gl";

export type Place = { name: string; at: [number, number] };

// Above the middle of each place; hidden from `until` on, where a name no longer says which ground it means.
export function placeNames(map: Chart, places: Place[], until: number): void {
  const labels = places.map((place) => {
    const label = document.createElement("span");
    label.className = "map-name";
    label.textContent = place.name;
    label.setAttribute("aria-hidden", "true"); // the list beside the map names every place
    new Marker({ element: label, anchor: "bottom", offset: [0, -14] }).setLngLat(place.at).addTo(map);
    return label;
  });
  const look = (): void => labels.forEach((label) => (label.hidden = map.getZoom() > until));
  map.on("zoom", look);
  look();
}
