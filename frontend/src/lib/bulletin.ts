// A section's text between its two shapes: lines with {figures}, and paragraphs and headings of a page.
export type Part = { text: string; code: string };
export type Block = { heading: boolean; parts: Part[] };
const FIGURE = /\{([a-z][a-z0-9_]{0,39})\}/g;
const HEADING = "## ";

export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const found of text.matchAll(FIGURE)) {
    if (found.index > at) parts.push({ text: text.slice(at, found.index), code: "" });
    parts.push({ text: "", code: found[1] ?? "" });
    at = found.index + found[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), code: "" });
  return parts;
}

export function blocksOf(text: string): Block[] {
  const lines = text.split("\n").filter((line) => line.trim());
  const blocks = lines.map((line) => ({ heading: line.startsWith(HEADING), parts: partsOf(line.replace(/^## /, "")) }));
  return blocks.length ? blocks : [{ heading: false, parts: [] }];
}

function words(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? "";
  if (!(node instanceof HTMLElement)) return "";
  if (node.dataset.figure) return `{${node.dataset.figure}}`;
  if (node.tagName === "BR") return "\n";
  const inner = Array.from(node.childNodes, words).join("");
  return /^(P|DIV|H[1-6]|LI)$/.test(node.tagName) ? `\n${/^H/.test(node.tagName) && inner.trim() ? HEADING : ""}${inner}\n` : inner;
}

// Browsers put what is typed into paragraphs, divisions or bare lines as they please; all of them are lines here.
export function linesOf(sheet: HTMLElement): string {
  const all = Array.from(sheet.childNodes, words).join("");
  return all
    .split("\n")
    .map((line) => line.replace(/\u00a0/g, " ").trim())
    .filter((line) => line && line !== "##")
    .join("\n");
}
