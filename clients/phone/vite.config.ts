import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
// The office pages' build knows how tokens become custom properties; there is one file of tokens for all of us.
import { tokensCss } from "../../frontend/build/tokens.mjs";

const SHELL = "/phone/shell";
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

export default defineConfig({
  root: here("."),
  base: "/static/phone/",
  define: { __APP_VERSION__: JSON.stringify((JSON.parse(readFileSync(here("package.json"), "utf8")) as { version: string }).version) },
  plugins: [
    vue(),
    tokens(),
    VitePWA({
      strategies: "generateSW",
      registerType: "prompt",
      injectRegister: false, // an inline script would break the content policy: lib/worker.ts registers it
      manifest: false, // public/manifest.webmanifest is written by hand
      filename: "sw.js",
      scope: "/phone/",
      workbox: {
        inlineWorkboxRuntime: true,
        sourcemap: false,
        globPatterns: ["**/*.{js,css,html,png,svg}"],
        globIgnores: ["sw.js"],
        modifyURLPrefix: { "": "/static/phone/" },
        // The shell is kept under an address nobody opens. Kept as /phone/ it would be asked for with the headers of the navigation, which
        // never equal those it was kept with (Vary: Accept-Language, Cookie), and the app's own start page would not open without a network.
        manifestTransforms: [
          (entries) => ({
            manifest: entries.map((entry) => (entry.url === "/static/phone/index.html" ? { ...entry, url: SHELL } : entry)),
          }),
        ],
        dontCacheBustURLsMatching: /assets\//,
        navigateFallback: SHELL,
        navigateFallbackAllowlist: [/^\/phone\//],
        navigateFallbackDenylist: [/^\/phone\/(token|sw\.js|manifest\.webmanifest)$/],
        cleanupOutdatedCaches: true,
        clientsClaim: true,
        skipWaiting: false, // never under somebody's hands: the app asks
      },
    }),
  ],
  build: {
    outDir: here("../../src/anlan/site/static/phone"),
    emptyOutDir: true,
    target: ["es2020", "chrome86", "safari14"],
    cssTarget: "chrome86",
    assetsInlineLimit: 0, // the content policy allows no data: fonts or scripts
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
});
