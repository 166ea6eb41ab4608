// icons.json (names from Tabler Icons, MIT) and our own state shapes → one SVG sprite.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// States are told by shape as much as by word; solid forms that stay distinct at 10 px and in grey print.
const SHAPES = {
  ring: '<circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  half: '<circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M6 1.8a4.2 4.2 0 0 1 0 8.4z" fill="currentColor"/>',
  dot: '<circle cx="6" cy="6" r="5" fill="currentColor"/>',
  triangle: '<path d="M6 1 11.4 10.6H.6z" fill="currentColor"/>',
  diamond: '<path d="M6 .6 11.4 6 6 11.4.6 6z" fill="currentColor"/>',
  square: '<rect x="1.5" y="1.5" width="9" height="9" rx="1" fill="currentColor"/>',
  pause: '<path d="M2.5 1.5h2.6v9H2.5zM6.9 1.5h2.6v9H6.9z" fill="currentColor"/>',
  check: '<path d="m1.4 6.4 3 3 6.2-6.8" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  cross: '<path d="m2 2 8 8m0-8-8 8" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
  dash: '<path d="M1.5 6h9" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/>',
};

export function sprite() {
  const names = JSON.parse(readFileSync(here("../icons.json"), "utf8"));
  const icons = names.map((name) => {
    const svg = readFileSync(here(`../node_modules/@tabler/icons/icons/outline/${name}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>")).replace(/<path stroke="none"[^>]*>/, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
  });
  const shapes = Object.entries(SHAPES).map(([name, body]) => `<symbol id="shape-${name}" viewBox="0 0 12 12">${body}</symbol>`);
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${[...icons, ...shapes].join("\n")}\n</svg>\n`;
}
