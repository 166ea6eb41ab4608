import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
// The same rule as for the office pages: the four legal colours speak of risk alone.
import { strayRiskColours } from "../../../../frontend/build/tokens.mjs";
import { en } from "../../citizen/words/en";
import { zh } from "../../citizen/words/zh";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]!).sort();
const sources = readdirSync(here("../../citizen"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(vue|ts)$/.test(name) && !name.startsWith("words"))
  .map((name) => readFileSync(here(`../../citizen/${name}`), "utf8"));

describe("the two catalogues", () => {
  it("have the same keys, and none is empty", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    expect(Object.entries({ ...zh, ...en }).filter(([, text]) => !text)).toEqual([]);
  });

  it("leave the same holes for values", () => {
    const differ = Object.keys(zh).filter((key) => String(holes(zh[key as keyof typeof zh])) !== String(holes(en[key as keyof typeof zh])));
    expect(differ).toEqual([]);
  });

  it("are used, and no screen asks for a word that is missing", () => {
    const all = sources.join("\n");
    const groups = new Set([...all.matchAll(/\bword\(["'](\w+)["']/g)].map((one) => one[1]!));
    const made = /^(write\.missing_|map\.(none|broken))/;
    const unused = Object.keys(zh).filter((key) => !all.includes(`"${key}"`) && !all.includes(`'${key}'`) && !groups.has(key.split(".")[0]!) && !made.test(key));
    expect(unused).toEqual([]);
  });

  it("leave no Chinese in the screens themselves", () => {
    const spoken = sources.flatMap((text) => text.replace(/\/\/.*|<!--[\s\S]*?-->/g, "").match(/[\u4e00-\u9fff]+/g) ?? []);
    expect(spoken).toEqual(["中文"]); // the language's own name
  });
});

describe("the styles", () => {
  it.each(readdirSync(here("../../citizen/style")).filter((name) => name.endsWith(".css")))("%s wears risk colours for risk alone, and no colour of its own", (name) => {
    const css = readFileSync(here(`../../citizen/style/${name}`), "utf8");
    expect(strayRiskColours(css)).toEqual([]);
    expect(css.match(/#[0-9a-f]{3,8}\b/gi) ?? []).toEqual([]);
  });
});
