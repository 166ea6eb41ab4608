import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { build } from "../build/build.mjs";
import { check } from "../build/check.mjs";

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const whole = mkdtempSync(join(tmpdir(), "anlan-miniprogram-whole-"));
let folder = "";
beforeAll(async () => expect(await build(whole, { address: "https://report.example.gov.cn/" })).toEqual([]));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anlan-miniprogram-build-"));
  cpSync(whole, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => rmSync(whole, { recursive: true }));

const at = (name: string): string => join(folder, name);
const change = (name: string, from: string | RegExp, to: string): void => {
  const before = readFileSync(at(name), "utf8");
  expect(before.replace(from, to)).not.toBe(before);
  writeFileSync(at(name), before.replace(from, to));
};

describe("what WeChat would refuse, or a phone could not run, stops the build", () => {
  it.each<[string, () => void, string]>([
    ["a page that is missing", () => rmSync(at("pages/near/near.wxml")), "pages/near/near.wxml is missing"],
    ["a page nobody declared", () => change("app.json", /\s*"pages\/near\/near",/, ""), "pages/near is not in app.json"],
    ["a place asked for and not declared", () => change("app.json", '"getLocation", ', ""), "requiredPrivateInfos"],
    ["no words for the place", () => change("app.json", /"desc": "[^"]*"/, '"desc": ""'), "scope.userLocation has no words"],
    ["consent switched off", () => change("app.json", '"__usePrivacyCheck__": true', '"__usePrivacyCheck__": false'), "__usePrivacyCheck__"],
    ["a part that is not declared", () => change("pages/home/home.wxml", "<urgent", "<t-tag /><urgent"), "<t-tag> is not declared"],
    ["a part declared for nothing", () => change("pages/home/home.wxml", /<waiting \/>/, ""), "waiting is not used"],
    ["a tap nobody answers", () => change("pages/home/home.wxml", 'bind:tap="report"', 'bind:tap="reportt"'), "nothing answers to reportt"],
    ["a tap that a screen reader cannot tell", () => change("pages/home/home.wxml", 'aria-role="button" id="report"', 'id="report"'), "no aria-role"],
    ["a picture without words", () => change("pages/home/home.wxml", / aria-hidden="true" \/>\s*<text>/, ' /><text>'), "a picture without words"],
    ["a look-behind", () => appendFileSync(at("app.js"), "\nconst a=/(?<!a)b/;"), "look-behind"],
    ["what only browsers have", () => appendFileSync(at("app.js"), "\nlocalStorage.clear();new URL('a');"), "localStorage is not there"],
    ["letters from elsewhere", () => appendFileSync(at("app.wxss"), "\n.a{background:url(https://cdn.example/a.png)}"), "from elsewhere"],
    ["a colour of its own", () => appendFileSync(at("pages/me/me.wxss"), "\n.a{color:#123456}"), "#123456 is no token"],
    ["a risk colour", () => appendFileSync(at("pages/me/me.wxss"), "\n.a{color:var(--risk-red)}"), "risk colour"],
    ["too large a package", () => writeFileSync(at("images/large.png"), new Uint8Array(2_100_000)), "WeChat takes"],
  ])("%s", (_name, spoil, words) => {
    spoil();
    expect(check(folder, SRC).join("\n")).toContain(words);
  });

  it("holds the one address it may speak to, and no other", () => {
    const scripts = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
    const spoken = scripts.flatMap((name) => readFileSync(at(name), "utf8").match(/https?:\/\/[\w.-]+/g) ?? []);
    expect([...new Set(spoken)]).toEqual(["https://report.example.gov.cn"]);
    expect(readFileSync(at("miniprogram_npm/tdesign-miniprogram/icon/icon.wxss"), "utf8")).not.toContain("@font-face");
  });
});
