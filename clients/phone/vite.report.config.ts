import { defineConfig } from "vite";
import { client } from "./build.ts";

export default defineConfig(client({ name: "report", entry: "./report.html", publicDir: "./public-report", lazy: ["assets/MapPick*", "assets/maplibre*"] }));
