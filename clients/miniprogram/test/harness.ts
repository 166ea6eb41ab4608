// The built mini-program, run by miniprogram-simulate (WeChat's own component system and template compiler) with a twin of wx.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../build/build.mjs";
import { calm, makeWx, type Plan } from "./wx";

export interface Part {
  dom: HTMLElement;
  data: Record<string, unknown>;
  instance: Record<string, (...given: unknown[]) => unknown>;
  querySelector(selector: string): Part | undefined;
  querySelectorAll(selector: string): Part[];
  dispatchEvent(name: string, options?: { detail?: unknown }): void;
  attach(parent: Node): void;
  detach(): void;
}

interface Simulate {
  load(path: string, options: Record<string, unknown>): string;
  render(id: string): Part;
}

const require = createRequire(import.meta.url);
let folder = "";

export async function built(address: string, styled = false): Promise<string> {
  folder ||= mkdtempSync(join(tmpdir(), "anlan-miniprogram-test-"));
  const wrong = await build(folder, { address, minify: false });
  if (wrong.length) throw new Error(wrong.join("\n"));
  // Styles mean nothing to jsdom and cost half a second a page.
  if (!styled) for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) if (name.endsWith(".wxss")) rmSync(join(folder, name));
  return folder;
}

export const cleared = (): void => rmSync(folder, { recursive: true, force: true });

export type Phone = ReturnType<typeof phone>;

/** A phone with the mini-program on it. What it keeps lies outside, so that it can be killed and started again. */
export function phone(plan: Partial<Plan> = {}, store?: Map<string, string>, files?: Map<string, Uint8Array>) {
  const all = { ...calm(), ...plan };
  const twin = makeWx(all, store, files);
  const simulate = require("miniprogram-simulate") as Simulate;
  const world = globalThis as unknown as Record<string, unknown>;
  world["wx"] = twin.wx;
  world["getApp"] = () => ({});
  // A process of its own: nothing that the scripts remember outlives it.
  for (const name of Object.keys(require.cache)) if (name.startsWith(folder)) delete require.cache[name];
  let app: Record<string, (given?: unknown) => void> = {};
  world["App"] = (options: typeof app) => (app = options);
  require(join(folder, "app.js"));
  const open = new Set<Part>();
  // Its patience dies with it.
  const timers: ReturnType<typeof setTimeout>[] = [];
  const real = setTimeout;
  world["setTimeout"] = (work: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
    const timer = real(work, ms, ...given);
    if (ms >= 100) timers.push(timer);
    return timer;
  };

  return {
    ...twin,
    plan: all,
    launch(): void {
      app["onLaunch"]?.();
      app["onShow"]?.();
    },
    async open(page: string, query: Record<string, string> = {}): Promise<Part> {
      const id = simulate.load(join(folder, "pages", page, page), { rootPath: folder, compiler: "official", compilerOptions: { maxBuffer: 1 << 26 } });
      const part = simulate.render(id);
      part.attach(document.body);
      open.add(part);
      await part.instance["onLoad"]?.(query);
      await part.instance["onShow"]?.();
      await settled();
      return part;
    },
    close(part: Part): void {
      part.instance["onUnload"]?.();
      part.detach();
      open.delete(part);
    },
    kill(): void {
      // No farewell: a killed app hears nothing.
      for (const part of open) part.dom.remove();
      open.clear();
      timers.forEach(clearTimeout);
      world["setTimeout"] = real;
    },
    toasts: (): string[] => twin.named("showToast").map((one) => String(one["title"])),
  };
}

export const settled = async (ms = 30): Promise<void> => void (await new Promise((resolve) => setTimeout(resolve, ms)));

/** Waits until it holds, as a person would. */
export async function until(holds: () => boolean, ms = 8000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`it never came: ${String(holds)}`);
    await settled(10);
  }
}

async function event(page: Part, selector: string, name: string, detail: unknown): Promise<void> {
  const found = page.querySelector(selector);
  if (!found) throw new Error(`there is no ${selector}`);
  // TDesign's parts have no element of their own to touch: they say it themselves.
  if (found.data && "classPrefix" in found.data) found.instance["triggerEvent"]!(name, detail);
  else found.dispatchEvent(name, { detail });
  await settled();
}

export async function tap(page: Part, selector: string): Promise<void> {
  const { loading, disabled } = page.querySelector(selector)?.data ?? {};
  if (loading || disabled) throw new Error(`${selector} cannot be pressed now`);
  await event(page, selector, "tap", {});
}

export const type = (page: Part, selector: string, value: unknown, name = "change"): Promise<void> => event(page, selector, name, { value });

export const text = (page: Part): string => (page.dom.textContent ?? "").replace(/\s+/g, " ");
