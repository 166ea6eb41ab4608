// @vitest-environment jsdom
// Against the real server: run by tests/browser/test_miniprogram.py, which also looks at what the server then has.
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { built, cleared, phone, settled, tap, text, type, until, type Part, type Phone } from "./harness";

interface Live {
  address: string;
  photos: string[];
  place: { longitude: number; latitude: number };
  kept: string;
}

const live = process.env["ANLAN_LIVE"] ? (JSON.parse(process.env["ANLAN_LIVE"]) as Live) : null;

describe.skipIf(!live)("with the city's own server", () => {
  const { address, photos, place, kept } = live ?? { address: "", photos: [], place: { longitude: 0, latitude: 0 }, kept: "" };
  const codes: Record<string, string> = {};
  beforeAll(() => built(address));
  afterAll(() => {
    if (live) writeFileSync(kept, JSON.stringify(codes));
    cleared();
  });

  async function write(one: Phone, words: string): Promise<Part> {
    const page = await one.open("report");
    await tap(page, "#add");
    await until(() => (page.data["pictures"] as unknown[]).length === 1);
    await type(page, "#words", words);
    await until(() => page.data["located"] === true);
    return page;
  }
  const media = (at: number) => [{ bytes: new Uint8Array(readFileSync(photos[at]!)), type: "image" as const, ending: "jpg" }];

  it("somebody without a name reports, and follows by the code", async () => {
    const one = phone({ media: media(0), place });
    one.launch();
    const page = await write(one, "三楼安全出口被纸箱堵住");
    await until(() => page.data["anonymous_allowed"] === true, 30_000);
    await tap(page, "#anonymous");
    await tap(page, "#send");
    await until(() => Boolean(page.data["claim"]), 30_000);
    codes["claim"] = String(page.data["claim"]);
    codes["number"] = String(page.data["number"]);
    expect(one.named("login")).toEqual([]);
    const claim = await one.open("claim");
    await type(claim, "#code", codes["claim"].toLowerCase().replace(/-/g, " "));
    await tap(claim, "#look");
    await until(() => one.named("navigateTo").length === 1);
    const follow = await one.open("follow", { by: "code" });
    expect(text(follow)).toContain(codes["number"]);
    expect(text(follow)).toContain("三楼安全出口被纸箱堵住");
    expect(follow.data["before"]).toHaveLength(1);
    const shown = (): string | null | undefined => (follow.data["before"] as { thumb: string | null }[])[0]?.thumb;
    await until(() => Boolean(shown()), 20_000); // it is drawn a moment after it came
    expect((await fetch(address + shown()!)).headers.get("content-type")).toBe("image/jpeg");
    one.kill();
  });

  it("somebody signed in by WeChat reports once though two answers are lost, shares the phone, reads the plaza and leaves", async () => {
    const lost = new Set<string>();
    const net = (url: string, method: string): "" | "lost" => {
      const what = method === "POST" && url.includes("/uploads/") ? "piece" : method === "POST" && url.endsWith("/citizen/reports") ? "report" : "";
      if (!what || lost.has(what)) return "";
      lost.add(what);
      return "lost";
    };
    const one = phone({ media: media(1), place, net, login: (turn) => `ok-wang-${turn}` });
    one.launch();
    const page = await write(one, "配电箱门掉了，电线露在外面");
    await until(() => page.data["near"] === 1, 20_000); // the one before
    await tap(page, "#send");
    for (let tries = 0; tries < 2; tries++) {
      await until(() => page.data["state"] === "waiting", 20_000);
      one.connect(true);
      await until(() => page.data["state"] !== "waiting", 20_000);
    }
    await until(() => page.data["state"] === "sent", 20_000);
    expect([...lost].sort()).toEqual(["piece", "report"]);
    const mine = await one.open("mine");
    await until(() => (mine.data["items"] as unknown[]).length === 1, 20_000);
    expect(text(mine)).toContain("配电箱门掉了");
    const [card] = mine.data["items"] as { id: string }[];
    const follow = await one.open("follow", { id: card!.id });
    await until(() => follow.data["report"] !== null, 20_000);
    expect(text(follow)).toContain("收到");
    const me = await one.open("me");
    me.querySelector("#phone")!.instance["triggerEvent"]!("getphonenumber", { code: "phone-13835712345-x", errMsg: "getPhoneNumber:ok" });
    await until(() => text(me).includes("138"), 20_000);
    await tap(me, "#english"); // told by PATCH, which goes by POST
    await settled(500);
    await tap(me, "#english");
    for (const name of ["plaza", "knowledge", "rewards"]) {
      const other = await one.open(name);
      await until(() => !other.data["loading"], 20_000);
      expect(other.data["trouble"]).toBe("");
    }
    await tap(me, "#sign-out");
    await until(() => text(me).includes("未登录"), 20_000);
    one.kill();
  });
});
