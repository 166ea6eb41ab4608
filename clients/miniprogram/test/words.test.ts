import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { en } from "../src/words/en";
import { zh } from "../src/words/zh";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const flat = (all: Record<string, Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).flatMap(([group, words]) => Object.entries(words).map(([key, text]) => [`${group}.${key}`, text])));
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]!).sort();
const [chinese, english] = [flat(zh), flat(en)];
const read = (name: string): string => readFileSync(here(`../src/${name}`), "utf8");
const sources = readdirSync(here("../src"), { recursive: true, encoding: "utf8" }).filter((name) => /\.(ts|wxml)$/.test(name) && !name.startsWith("words/"));

describe("the two catalogues", () => {
  it("have the same keys with the same holes, and none is empty", () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
    expect(Object.entries({ ...chinese, ...english }).filter(([, text]) => !text)).toEqual([]);
    expect(Object.keys(chinese).filter((key) => String(holes(chinese[key]!)) !== String(holes(english[key]!)))).toEqual([]);
    expect(Object.entries(english).filter(([, text]) => /[\u4e00-\u9fff]/.test(text))).toEqual([]);
  });

  it("have every word that a page asks for, and no other", () => {
    const asked = new Set<string>();
    for (const name of sources) {
      const text = read(name);
      for (const [, group, key] of text.matchAll(/say\("(\w+)", "(\w+)"/g)) asked.add(`${group}.${key}`);
      const folder = name.split("/").slice(0, -1).join("/");
      if (!name.endsWith(".wxml")) continue;
      const group = /words: "(\w+)"/.exec(read(`${folder}/${folder.split("/").pop()}.ts`))![1]!;
      for (const [, key] of text.matchAll(/\bt\.(\w+)/g)) asked.add(`${key! in zh[group as keyof typeof zh] ? group : "common"}.${key}`);
    }
    expect([...asked].filter((key) => !(key in chinese))).toEqual([]);
    // Asked for by a key that is made up at the time, or by the page's own frame.
    const made = /^(tabs\.|follow\.(received|sent|checked|handled|answered)|rewards\.(wechat|voucher)|urgent\.|mine\.state_|report\.need_|waiting\.|home\.share|\w+\.title$)/;
    expect(Object.keys(chinese).filter((key) => !asked.has(key) && !made.test(key) && !sources.some((name) => read(name).includes(`"${key.split(".")[1]}"`)))).toEqual([]);
  });

  it("leave no Chinese in the pages themselves", () => {
    const spoken = sources.flatMap((name) =>
      read(name)
        .replace(/\/\/.*|\/\*\*[\s\S]*?\*\/|dataType: "其他"/g, "")
        .match(/[\u4e00-\u9fff]+/g)
        ?.map((found) => `${name}: ${found}`) ?? [],
    );
    expect(spoken).toEqual([]);
  });
});
