// What WeChat refuses, or what works in its simulator and fails on a phone: looked for in the built folder. Gives one line for each fault.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { strayRiskColours } from "../../../frontend/build/tokens.mjs";

/** The whole package that is uploaded at once may have 2 MB. */
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_ICON = 40 * 1024;
/** What browsers have and WeChat's engines have not. `AbortController` is asked for by typeof first. */
const ABSENT = /(?<![\w$.'"`-])(window|document|navigator|localStorage|sessionStorage|indexedDB|XMLHttpRequest|TextEncoder|TextDecoder|btoa|atob|Blob|FormData|Worker|Intl|WebSocket)(?=[.(\[])|new URL(SearchParams)?\(/g;
const BEHIND = /\(\?<[=!]/;
const PRIVATE = ["getLocation", "chooseLocation"];
const NATIVE = new Set(["cover-image", "cover-view", "movable-area", "movable-view", "scroll-view", "swiper-item", "rich-text", "picker-view", "picker-view-column", "checkbox-group", "radio-group", "web-view", "page-meta"]);

const read = (file) => readFileSync(file, "utf8");
const json = (file) => JSON.parse(read(file));

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
}

export function check(into, src) {
  const wrong = [];
  const files = filesOf(into);
  const ours = files.filter((file) => !file.includes("miniprogram_npm"));
  const name = (file) => relative(into, file);
  const app = json(join(into, "app.json"));

  for (const page of app.pages) for (const ending of ["js", "json", "wxml", "wxss"]) if (!existsSync(join(into, `${page}.${ending}`))) wrong.push(`app.json: ${page}.${ending} is missing`);
  for (const folder of readdirSync(join(src, "pages"))) if (!app.pages.includes(`pages/${folder}/${folder}`)) wrong.push(`pages/${folder} is not in app.json`);
  for (const { pagePath, iconPath, selectedIconPath } of app.tabBar.list) {
    if (!app.pages.includes(pagePath)) wrong.push(`tabBar: ${pagePath} is no page`);
    for (const icon of [iconPath, selectedIconPath]) {
      if (!existsSync(join(into, icon))) wrong.push(`tabBar: ${icon} is missing`);
      else if (statSync(join(into, icon)).size > MOST_ICON) wrong.push(`tabBar: ${icon} has more than 40 KB`);
    }
  }

  const scripts = files.filter((file) => file.endsWith(".js"));
  const used = PRIVATE.filter((one) => scripts.some((file) => read(file).includes(`wx.${one}(`)));
  if (String(used) !== String([...(app.requiredPrivateInfos ?? [])].sort((one, other) => PRIVATE.indexOf(one) - PRIVATE.indexOf(other)))) wrong.push(`app.json: requiredPrivateInfos should be ${used.join(", ")}`);
  if (used.length && !app.permission?.["scope.userLocation"]?.desc) wrong.push("app.json: scope.userLocation has no words");
  if (app.permission?.["scope.userLocation"]?.desc.length > 30) wrong.push("app.json: the words of scope.userLocation are longer than 30");
  if (!app.__usePrivacyCheck__) wrong.push("app.json: __usePrivacyCheck__ is off");

  for (const file of scripts) {
    const text = read(file);
    if (BEHIND.test(text)) wrong.push(`${name(file)}: a look-behind, which iOS before 16.4 cannot read`);
    for (const [found] of text.matchAll(ABSENT)) wrong.push(`${name(file)}: ${found} is not there in WeChat`);
  }
  for (const file of files.filter((one) => /\.(wxss|wxml)$/.test(one))) if (/https?:\/\//.test(read(file))) wrong.push(`${name(file)}: fetches something from elsewhere`);

  for (const file of ours.filter((one) => one.endsWith(".wxml"))) wrong.push(...checkTemplate(file, into, src, name));
  for (const file of ours.filter((one) => one.endsWith(".wxss") && name(one) !== "app.wxss")) {
    for (const colour of read(file).match(/#[0-9a-f]{3,8}\b/gi) ?? []) wrong.push(`${name(file)}: ${colour} is no token`);
  }
  for (const file of ours.filter((one) => one.endsWith(".wxss"))) for (const rule of strayRiskColours(read(file))) wrong.push(`${name(file)}: ${rule} wears a risk colour`);

  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  if (bytes > MOST_BYTES) wrong.push(`the package has ${bytes} bytes, WeChat takes ${MOST_BYTES}`);
  return wrong;
}

/** Parts are declared, there and used; what is tapped exists in the script. */
function checkTemplate(file, into, src, name) {
  const wrong = [];
  const text = read(file);
  const base = file.slice(0, -5);
  const using = json(`${base}.json`).usingComponents ?? {};
  const tags = new Set([...text.matchAll(/<([a-z][a-z0-9-]*)/g)].map((one) => one[1]));
  for (const [tag, path] of Object.entries(using)) {
    if (!tags.has(tag)) wrong.push(`${name(base)}.json: ${tag} is not used`);
    const target = path.startsWith("/") ? join(into, path) : resolve(dirname(file), path);
    if (!existsSync(`${target}.wxml`)) wrong.push(`${name(base)}.json: ${path} is not there`);
  }
  for (const tag of tags) if (tag.includes("-") && !using[tag] && !NATIVE.has(tag)) wrong.push(`${name(file)}: <${tag}> is not declared`);
  const source = read(join(src, `${name(base)}.ts`));
  for (const [, handler] of text.matchAll(/\b(?:bind|catch):?[a-z]+="([^"{]+)"/g)) if (!new RegExp(`\\b(async )?${handler}\\(`).test(source)) wrong.push(`${name(file)}: nothing answers to ${handler}`);
  for (const [whole] of text.matchAll(/<[a-z-]+(?=\s)[^>]*\bbind:tap=[^>]*>/g)) if (!/aria-role=/.test(whole) && !whole.startsWith("<t-")) wrong.push(`${name(file)}: ${whole.slice(0, 60)}… can be tapped and has no aria-role`);
  for (const [whole] of text.matchAll(/<image[^>]*>/g)) if (!/aria-(label|hidden)=/.test(whole) && !/photos-image/.test(whole)) wrong.push(`${name(file)}: a picture without words`);
  return wrong;
}
