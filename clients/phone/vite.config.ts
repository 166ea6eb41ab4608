import { defineConfig } from "vite";
import { client } from "./build.ts";

export default defineConfig(client({ name: "phone", entry: "./index.html", publicDir: "./public" }));
