// Builds into src/anlan/site/static/build under stable names; Django's static storage adds the hashes.
// Each script is one self-contained file, so that no page waits for a chain of imports.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { sprite } from "./sprite.mjs";
import { tokens, tokensCss } from "./tokens.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outDir = here("../../src/anlan/site/static/build");
const watch = process.argv.includes("--watch") ? {} : null;

// Office machines under UOS, Kylin or 360 often carry a Chromium of 2020.
const target = "chrome86";

mkdirSync(outDir, { recursive: true });
if (!watch) rmSync(outDir, { recursive: true, force: true });
mkdirSync(outDir, { recursive: true });
writeFileSync(here("../src/styles/tokens.css"), tokensCss(tokens));

const shared = { outDir, emptyOutDir: false, target, cssTarget: target, reportCompressedSize: false, chunkSizeWarningLimit: 1500, watch };
const run = (rollupOptions) => build({ configFile: false, root: here(".."), logLevel: "warn", publicDir: false, build: { ...shared, rollupOptions } });

// The sheet is an entry of its own: imported by a script it would be injected as inline style, which the content policy forbids.
for (const name of ["office", "map", "public"]) {
  await run({ input: here(`../src/styles/${name}.css`), output: { assetFileNames: `${name}[extname]` } });
}
// The map's worker is a file of its own origin: the content policy lets no page start one from a blob.
const scripts = Object.fromEntries(
  ["office", "charts", "signature", "map", "desk", "paper", "plaza", "returns", "bulletin"].map((name) => [name, here(`../src/${name}.ts`)]),
);
scripts["map-worker"] = here("../node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs");
for (const [name, input] of Object.entries(scripts)) {
  await run({
    input,
    output: { format: "iife", name: `anlan_${name.replace("-", "_")}`, entryFileNames: `${name}.js` },
    transform: { define: { "import.meta": "{}" } }, // a plain script has no such thing, and is told where its worker is
  });
}
writeFileSync(`${outDir}/icons.svg`, sprite());
