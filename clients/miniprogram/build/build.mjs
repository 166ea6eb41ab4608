// src → dist as WeChat reads it: bundled scripts in CommonJS for old engines, TDesign's components that are used and no others, tokens as
// custom properties. Then everything is checked that WeChat would refuse only at the upload. `--check` builds aside and only looks.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { tokensCss } from "../../../frontend/build/tokens.mjs";
import { check } from "./check.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const SRC = join(ROOT, "src");
const TDESIGN = join(dirname(createRequire(import.meta.url).resolve("tdesign-miniprogram/package.json")), "miniprogram_dist");
const NPM = "miniprogram_npm/tdesign-miniprogram";
const json = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Pages and parts, as paths without an ending. */
const components = () => [...json(join(SRC, "app.json")).pages, ...readdirSync(join(SRC, "parts")).map((name) => `parts/${name}/${name}`)];

/** TDesign's components that our pages use, with what those use. */
function tdesignUsed(ours) {
  const used = new Set();
  const follow = (name) => {
    if (used.has(name)) return;
    used.add(name);
    for (const path of Object.values(json(join(TDESIGN, `${name}.json`)).usingComponents ?? {})) follow(relative(TDESIGN, resolve(TDESIGN, dirname(name), path)));
  };
  for (const one of ours) {
    for (const path of Object.values(json(join(SRC, `${one}.json`)).usingComponents ?? {})) if (path.startsWith("tdesign-miniprogram/")) follow(path.slice(20));
  }
  return [...used].sort();
}

/** The file with all that it imports, beside the component that needs it. */
function copyTemplates(name, into, seen = new Set()) {
  const file = join(TDESIGN, name);
  if (seen.has(file) || !existsSync(file)) return;
  seen.add(file);
  // Letters of icons would be fetched from a company's server: our own pages draw theirs.
  const text = readFileSync(file, "utf8").replace(/@font-face\s*\{[^}]*\}/g, "");
  const target = join(into, NPM, name);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  for (const [, path] of text.matchAll(/(?:src=|@import\s*|require\()\s*["']([^"']+\.(?:wxml|wxs|wxss))["']/g)) copyTemplates(join(dirname(name), path), into, seen);
}

async function bundle(ours, theirs, into, facts) {
  const input = Object.fromEntries([
    ["app", join(SRC, "app.ts")],
    ...ours.map((one) => [one, join(SRC, `${one}.ts`)]),
    ...theirs.map((one) => [`${NPM}/${one}`, join(TDESIGN, `${one}.js`)]),
  ]);
  const built = await rolldown({
    input,
    platform: "neutral",
    logLevel: "warn",
    resolve: { alias: { tslib: join(TDESIGN, "miniprogram_npm/tslib/index.js") } },
    transform: { target: "es2018", define: { __ADDRESS__: JSON.stringify(facts.address), __VERSION__: JSON.stringify(facts.version) } },
    treeshake: true,
  });
  await built.write({ dir: into, format: "cjs", exports: "auto", entryFileNames: "[name].js", chunkFileNames: "shared/[name]-[hash].js", minify: facts.minify });
  await built.close();
}

export async function build(into, { address = "", minify = true } = {}) {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const ours = components();
  const theirs = tdesignUsed(ours);
  const { version } = json(join(ROOT, "package.json"));
  await bundle(ours, theirs, into, { address: address.replace(/\/+$/, ""), version, minify });
  for (const one of ours) {
    const facts = json(join(SRC, `${one}.json`));
    const using = Object.fromEntries(Object.entries(facts.usingComponents ?? {}).map(([tag, path]) => [tag, path.startsWith("/") ? path : `/${NPM}/${path.slice(20)}`]));
    writeFileSync(join(into, `${one}.json`), JSON.stringify({ ...facts, usingComponents: using }));
    for (const ending of ["wxml", "wxss"]) cpSync(join(SRC, `${one}.${ending}`), join(into, `${one}.${ending}`));
  }
  const seen = new Set();
  for (const one of theirs) for (const ending of ["wxml", "wxss", "json"]) copyTemplates(`${one}.${ending}`, into, seen);
  for (const name of ["app.json", "sitemap.json"]) cpSync(join(SRC, name), join(into, name));
  cpSync(join(SRC, "images"), join(into, "images"), { recursive: true });
  const tokens = tokensCss(json(join(ROOT, "../../frontend/tokens.json"))).replace(":root", "page");
  writeFileSync(join(into, "app.wxss"), `${tokens}\n${readFileSync(join(SRC, "app.wxss"), "utf8")}`);
  return check(into, SRC);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checking = process.argv.includes("--check");
  const into = checking ? mkdtempSync(join(tmpdir(), "anlan-miniprogram-")) : join(ROOT, "dist");
  const address = process.env.ANLAN_ADDRESS ?? "";
  const wrong = await build(into, { address });
  if (checking) rmSync(into, { recursive: true });
  else if (!/^https:\/\//.test(address)) console.warn("ANLAN_ADDRESS is not set to an https:// address: this build reaches no server.");
  for (const one of wrong) console.error(one);
  process.exitCode = wrong.length ? 1 : 0;
}
