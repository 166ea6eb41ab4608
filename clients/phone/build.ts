// What the two apps' builds share: the inspectors' app and the citizens' app are built apart, so that neither carries the other.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { type Plugin, type UserConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
// The office pages' build knows how tokens become custom properties; there is one file of tokens for all of us.
import { tokensCss } from "../../frontend/build/tokens.mjs";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function tokens(): Plugin {
  const id = "virtual:tokens.css";
  const file = here("../../frontend/tokens.json");
  return {
    name: "anlan-tokens",
    resolveId: (asked) => (asked === id ? `\0${id}` : null),
    load(asked) {
      if (asked !== `\0${id}`) return null;
      this.addWatchFile(file);
      return tokensCss(JSON.parse(readFileSync(file, "utf8")));
    },
  };
}

interface Client {
  /** The app's address, its folder among the static files, and its own folder of files taken as they are. */
  name: "phone" | "report";
  entry: string;
  publicDir: string;
  /** What is fetched only by those who ask for it, and so is not kept for a day without a network. */
  lazy?: string[];
}

export function client({ name, entry, publicDir, lazy = [] }: Client): UserConfig {
  const shell = `/${name}/shell`;
  return {
    root: here("."),
    base: `/static/${name}/`,
    publicDir: here(publicDir),
    define: { __APP_VERSION__: JSON.stringify((JSON.parse(readFileSync(here("package.json"), "utf8")) as { version: string }).version) },
    plugins: [
      vue(),
      tokens(),
      named(entry),
      VitePWA({
        strategies: "generateSW",
        registerType: "prompt",
        injectRegister: false, // an inline script would break the content policy: lib/worker.ts registers it
        manifest: false, // manifest.webmanifest is written by hand
        filename: "sw.js",
        scope: `/${name}/`,
        workbox: {
          inlineWorkboxRuntime: true,
          sourcemap: false,
          globPatterns: ["**/*.{js,css,html,png,svg}"],
          globIgnores: ["sw.js", ...lazy],
          modifyURLPrefix: { "": `/static/${name}/` },
          // The shell is kept under an address nobody opens. Kept as the app's start it would be asked for with the headers of the navigation,
          // which never equal those it was kept with (Vary: Accept-Language, Cookie), and the start page would not open without a network.
          manifestTransforms: [
            (entries) => ({
              manifest: entries.map((one) => (one.url === `/static/${name}/index.html` ? { ...one, url: shell } : one)),
            }),
          ],
          dontCacheBustURLsMatching: /assets\//,
          navigateFallback: shell,
          navigateFallbackAllowlist: [new RegExp(`^/${name}/`)],
          navigateFallbackDenylist: [new RegExp(`^/${name}/(token|sw\\.js|manifest\\.webmanifest|map|boundaries\\.json)$`)],
          cleanupOutdatedCaches: true,
          clientsClaim: true,
          skipWaiting: false, // never under somebody's hands: the app asks
        },
      }),
    ],
    build: {
      outDir: here(`../../src/anlan/site/static/${name}`),
      emptyOutDir: true,
      target: ["es2020", "chrome86", "safari14"],
      cssTarget: "chrome86",
      assetsInlineLimit: 0, // the content policy allows no data: fonts or scripts
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1200,
      rollupOptions: { input: here(entry) },
    },
    worker: { format: "iife" }, // module workers are missing in older web views
  };
}

/** Whatever the page is called here, its app opens it as index.html. */
function named(entry: string): Plugin {
  const name = entry.replace(/^\.\//, "");
  return {
    name: "anlan-index",
    enforce: "post",
    generateBundle(_options, bundle) {
      const page = bundle[name];
      if (page && name !== "index.html") page.fileName = "index.html";
    },
  };
}
