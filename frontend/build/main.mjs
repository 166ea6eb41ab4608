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
await run({ input: here("../src/styles/office.css"), output: { assetFileNames: "office[extname]" } });
for (const name of ["office", "charts", "signature"]) {
  await run({ input: here(`../src/${name}.ts`), output: { format: "iife", name: `anlan_${name}`, entryFileNames: `${name}.js` } });
}
writeFileSync(`${outDir}/icons.svg`, sprite());
