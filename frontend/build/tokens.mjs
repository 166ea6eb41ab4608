// tokens.json → src/styles/tokens.css. With --check: fails when the file is stale or a rule wears a legal risk colour.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const tokens = JSON.parse(readFileSync(here("../tokens.json"), "utf8"));
const target = here("../src/styles/tokens.css");

export function tokensCss({ color, role, size, font }) {
  const lines = [
    ...Object.entries(color).map(([name, value]) => `  --${name}: ${value};`),
    // Roles are resolved here, not by var(): one hop less to read in the inspector.
    ...Object.entries(role).map(([name, of]) => `  --${name}: ${color[of]};`),
    ...Object.entries(size).map(([name, value]) => `  --${name}: ${value};`),
    ...Object.entries(font).map(([name, value]) => `  --font-${name}: ${value};`),
  ];
  return `/* Written by build/tokens.mjs from tokens.json. */\n:root {\n${lines.join("\n")}\n}\n`;
}

// Only selectors that speak of risk may use a risk colour.
export function strayRiskColours(css) {
  const rules = css.replace(/\/\*[\s\S]*?\*\//g, "").split("}");
  return rules
    .filter((rule) => rule.includes("var(--risk-"))
    .map((rule) => rule.slice(0, rule.lastIndexOf("{")).trim())
    .filter((selector) => !selector.includes("risk"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const css = tokensCss(tokens);
  if (process.argv.includes("--check")) {
    const stray = readdirSync(here("../src/styles"))
      .filter((name) => name.endsWith(".css"))
      .flatMap((name) => strayRiskColours(readFileSync(here(`../src/styles/${name}`), "utf8")));
    if (stray.length) throw new Error(`Risk colours are for risk alone: ${stray.join("; ")}`);
    if (readFileSync(target, "utf8") !== css) throw new Error("src/styles/tokens.css is stale: npm run build");
  } else {
    writeFileSync(target, css);
  }
}
