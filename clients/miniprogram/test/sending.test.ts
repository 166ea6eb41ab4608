// @vitest-environment jsdom
import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { built, cleared, phone, settled, tap, text, type, until, type Part, type Phone } from "./harness";
import { City } from "./server";
import type { Plan } from "./wx";

const city = new City();
beforeAll(async () => {
  await built(await city.listen());
});
beforeEach(() => city.clear());
afterAll(() => {
  city.close();
  cleared();
});

const photo = (size = 1_300_000, seed = 7): Plan["media"][number] => ({ bytes: Uint8Array.from({ length: size }, (_, at) => (at * seed + (at >> 8)) % 251), type: "image", ending: "jpg" });
const own = (one: Phone): string[] => [...one.files.keys()].filter((path) => path.startsWith("wxfile://usr/reports/") && !path.endsWith("/"));
const pieces = (): typeof city.calls => city.calls.filter((one) => one.path.startsWith("/api/v1/uploads/") && one.method === "POST");
const again = (one: Phone, plan: Partial<Plan> = {}): Phone => {
  one.kill();
  return phone(plan, one.store, one.files);
};

async function written(one: Phone, words = "消防通道被杂物堵住") {
  const page = await one.open("report");
  await tap(page, "#add");
  await until(() => text(page).includes("删除") || page.querySelectorAll(".shot").length > 1);
  await type(page, "#words", words);
  return page;
}

describe("a report", () => {
  it("arrives once though the network fails twice, with its photo byte for byte", async () => {
    let failed = 0;
    const net = (url: string, method: string): "" | "fail" | "lost" => {
      if (method === "POST" && url.includes("/uploads/") && pieces().length === 1 && failed === 0) return failed++ === 0 ? "fail" : "";
      if (method === "POST" && url.endsWith("/reports") && failed === 1) return failed++ === 1 ? "lost" : "";
      return "";
    };
    const media = [photo()];
    const one = phone({ media, net });
    one.launch();
    const page = await written(one);
    await tap(page, "#send");
    await until(() => text(page).includes("已保存在手机上"));
    expect(failed).toBe(1);
    one.connect(true);
    await until(() => failed === 2 && text(page).includes("已保存在手机上"));
    expect([...city.reports.keys()]).toHaveLength(1); // done, only the answer was lost
    one.connect(true);
    await until(() => text(page).includes("已收到您的上报"));
    expect(text(page)).toContain("R-1");
    expect(city.reports.size).toBe(1);
    const { data, owner } = [...city.reports.values()][0]!;
    expect(data).toMatchObject({ words: "消防通道被杂物堵住", crs: "gcj02", lon: 113.123457, lat: 28.1, accuracy_m: 30, anonymous: false, channel: "miniprogram" });
    expect(owner).toBe("wechat-1");
    const [file] = data["photos"] as string[];
    const sent = createHash("sha256").update(city.files.get(file!)!.bytes).digest("hex");
    expect(sent).toBe(createHash("sha256").update(media[0]!.bytes).digest("hex"));
    expect(own(one)).toEqual([]); // nothing of it stays on the phone
    one.kill();
  });

  it("goes on where it broke off when the app was killed in the middle of a photo", async () => {
    const one = phone({ media: [photo()], net: (url, method) => (method === "POST" && url.includes("/uploads/") && pieces().length === 2 ? "fail" : "") });
    one.launch();
    const page = await written(one);
    await tap(page, "#send");
    await until(() => text(page).includes("已保存在手机上"));
    const before = pieces().length;
    expect(before).toBe(2);
    const two = again(one);
    two.launch();
    await until(() => city.reports.size === 1);
    await until(() => own(two).length === 0);
    expect(pieces().slice(before)).toHaveLength(1);
    expect(pieces().reduce((sum, piece) => sum + piece.bytes, 0)).toBe(1_300_000); // no byte twice
    two.kill();
  });

  it("waits without a network and leaves by itself when it is back", async () => {
    const one = phone({ media: [photo(5000)], connected: false });
    one.launch();
    const page = await written(one);
    await tap(page, "#send");
    await until(() => text(page).includes("网络恢复后自动发送"));
    const home = await one.open("home");
    expect(home.querySelector("waiting") ?? text(home)).toBeTruthy();
    expect(text(home)).toContain("1 条待发送");
    one.connect(true);
    await until(() => text(page).includes("已收到您的上报"));
    expect(text(home)).not.toContain("待发送");
    expect(city.reports.size).toBe(1);
    one.kill();
  });

  it("is not lost before it is sent: words, photo and place are there after a kill, and the leftovers of others are cleared", async () => {
    const one = phone({ media: [photo(4000)] });
    one.launch();
    await written(one, "电线裸露");
    one.files.set("wxfile://usr/reports/stray.jpg", new Uint8Array([1]));
    const two = again(one);
    two.launch();
    const page = await two.open("report");
    expect(page.data).toMatchObject({ words: "电线裸露", located: true });
    expect(page.data["pictures"]).toHaveLength(1);
    await until(() => !two.files.has("wxfile://usr/reports/stray.jpg"));
    expect(own(two)).toHaveLength(1);
    const home = await two.open("home");
    expect(text(home)).toContain("继续写没发出的上报");
    two.kill();
  });

  it("says who signs along and where its sender works, keeps both over a kill, and neither without a name", async () => {
    const one = phone({ media: [photo(3000)] });
    one.launch();
    await settled(60); // the city's settings
    const page = await written(one);
    const part = (): Part => page.querySelector("#together")!;
    await type(part(), "#employer", "翠岭");
    await until(() => part().querySelectorAll(".found").length === 2);
    await tap(part(), ".found");
    await until(() => text(page).includes("换一个"));
    expect(text(page)).toContain("翠岭铸造有限公司");
    await tap(part(), "#add");
    await tap(part(), "#add");
    const names = part().querySelectorAll(".name");
    names[0]!.instance["triggerEvent"]!("change", { value: "李小兰" });
    part().querySelectorAll(".phone")[0]!.instance["triggerEvent"]!("change", { value: "13900001111" });
    names[1]!.instance["triggerEvent"]!("change", { value: "赵刚" });
    await settled();
    const two = again(one);
    two.launch();
    const kept = await two.open("report");
    expect(kept.data["joint"]).toEqual([
      { name: "李小兰", phone: "13900001111" },
      { name: "赵刚", phone: "" },
    ]);
    await tap(kept.querySelector("#together")!, ".together-drop");
    await until(() => (kept.data["joint"] as unknown[]).length === 1);
    await tap(kept, "#anonymous");
    expect(kept.querySelector("#together")).toBeUndefined();
    await tap(kept, "#anonymous");
    await tap(kept, "#send");
    await until(() => city.reports.size === 1);
    const { data } = [...city.reports.values()][0]!;
    expect(data).toMatchObject({ employee_of: "33333333-3333-7333-8333-333333333331", joint: [{ name: "赵刚", phone: "" }] });
    await until(() => !JSON.stringify([...two.store.values()]).includes("赵刚")); // it is the server's now
    two.kill();
  });

  it("without a name goes under a guest and never asks who it is; the code is shown and kept", async () => {
    const one = phone({ media: [photo(3000)] });
    one.launch();
    await settled(60); // the city's settings
    const page = await written(one);
    await tap(page, "#anonymous");
    await tap(page, "#send");
    await until(() => text(page).includes("ABCD-EFGH-JKMN"));
    expect(one.named("login")).toEqual([]);
    expect([...city.reports.values()][0]!.owner).toMatch(/^guest-/);
    await tap(page, "#copy");
    expect(one.named("setClipboardData").at(-1)).toMatchObject({ data: "ABCD-EFGH-JKMN" });
    const mine = await one.open("mine");
    expect(text(mine)).toContain("ABCD-EFGH-JKMN");
    one.kill();
  });

  it("that is refused says why and can be mended under its own number", async () => {
    city.refuse = (path) => (path === "reports" ? City.refusal(422, "invalid", "words", "请写清楚一些") : null);
    const one = phone({ media: [photo(3000)] });
    one.launch();
    const page = await written(one, "看看");
    await tap(page, "#send");
    await until(() => text(page).includes("请写清楚一些"));
    city.refuse = null;
    const mine = await one.open("mine");
    expect(text(mine)).toContain("没有被接受");
    await tap(mine, ".mend");
    expect(one.named("navigateTo").at(-1)).toMatchObject({ url: "/pages/report/report" });
    const id = (page.data["sent"] as string) || "";
    one.close(page);
    const anew = await one.open("report");
    expect(anew.data["words"]).toBe("看看");
    await tap(anew, "#send");
    await until(() => text(anew).includes("已收到"));
    expect([...city.reports.keys()]).toEqual([id]);
    one.kill();
  });

  it("signs in anew when the token has run out, and brings the photo under the new one", async () => {
    const one = phone({ media: [photo(3000)] });
    one.launch();
    const page = await written(one);
    one.store.set("anlan.account", JSON.stringify({ token: "anl_gone", person: { id: "old", guest: false } }));
    await tap(page, "#send");
    await until(() => text(page).includes("已收到"));
    expect(city.reports.size).toBe(1);
    one.kill();
  });

  it("once handed over under one account is never sent under another", async () => {
    const one = phone({ media: [photo(3000)], net: (url, method) => (method === "POST" && url.endsWith("/reports") ? "lost" : "") });
    one.launch();
    const page = await written(one);
    await tap(page, "#send");
    await until(() => city.reports.size === 1);
    await until(() => text(page).includes("已保存在手机上"));
    const two = again(one);
    const { body } = city.enter("wechat-2", false);
    two.store.set("anlan.account", JSON.stringify(body));
    two.launch();
    const mine = await two.open("mine");
    await until(() => text(mine).includes("不能换账号"));
    expect(city.reports.size).toBe(1);
    two.kill();
  });

  it("refused for being too often waits as long as the server says", async () => {
    let times = 0;
    city.refuse = (path) => (path === "reports" && times++ < 1 ? City.refusal(429, "rate.limited") : null);
    const one = phone({ media: [photo(3000)] });
    one.launch();
    const page = await written(one);
    await tap(page, "#send");
    await until(() => text(page).includes("已收到"), 10_000);
    expect(times).toBe(2);
    one.kill();
  });
});

describe("what a report needs", () => {
  it("is something to see or read, and a place", async () => {
    const one = phone({ denied: new Set(["getLocation"]) });
    one.launch();
    const page = await one.open("report");
    expect(text(page)).toContain("没有位置权限");
    await tap(page, "#send");
    expect(one.toasts().at(-1)).toContain("照片");
    await type(page, "#words", "墙体开裂");
    await tap(page, "#send");
    expect(one.toasts().at(-1)).toContain("地址");
    await type(page, "#address", "人民路 12 号");
    await tap(page, "#send");
    await until(() => city.reports.size === 1);
    expect([...city.reports.values()][0]!.data).toMatchObject({ address: "人民路 12 号" });
    expect([...city.reports.values()][0]!.data).not.toHaveProperty("lon");
    one.kill();
  });

  it("may come from the settings or from the map", async () => {
    const one = phone({ denied: new Set(["getLocation"]) });
    one.launch();
    const page = await one.open("report");
    await tap(page, "#allow");
    await until(() => text(page).includes("已定位"));
    await tap(page, "#pick");
    await until(() => text(page).includes("已在地图上选点"));
    expect(page.data["address"]).toBe("人民路 12 号 东门");
    one.kill();
  });

  it("shows the number to call the moment an urgent word is typed", async () => {
    const one = phone();
    one.launch();
    const page = await one.open("report");
    expect(text(page)).not.toContain("马上打电话");
    await type(page, "#words", "楼板要坍 塌了");
    expect(text(page)).toContain("马上打电话");
    const [urgent] = page.querySelectorAll("#urgent");
    urgent!.instance["call"]!({ currentTarget: { dataset: { number: "119" } } });
    expect(one.named("makePhoneCall").at(-1)).toMatchObject({ phoneNumber: "119" });
    one.kill();
  });

  it("is told when the phone is full, and nothing pretends to be kept", async () => {
    const one = phone({ media: [photo(3000)] });
    one.launch();
    const page = await written(one);
    one.plan.full = true;
    await tap(page, "#send");
    expect(one.toasts().at(-1)).toContain("空间不够");
    expect(page.data["sent"]).toBe("");
    one.kill();
  });

  it("asks for consent before the first private thing; refused it goes on without, agreed it goes on with", async () => {
    const one = phone({ privacy: false });
    one.launch();
    const page = await one.open("report");
    const popup = page.querySelectorAll("#privacy")[0]!;
    expect(popup.data["open"]).toBe(true);
    popup.instance["disagree"]!();
    await until(() => text(page).includes("没有位置权限"));
    void page.instance["findAgain"]!();
    await until(() => popup.data["open"] === true);
    popup.instance["agree"]!();
    await until(() => text(page).includes("已定位"));
    one.kill();
  });

  it("takes a video alone, with its cover, and not a heavier one than the city allows", async () => {
    const one = phone({ media: [{ bytes: new Uint8Array(21_000_000), type: "video", ending: "mp4" }] });
    one.launch();
    const page = await one.open("report");
    await tap(page, "#add");
    await until(() => one.toasts().some((said) => said.includes("20 MB")), 20_000);
    expect(page.data["pictures"]).toEqual([]);
    one.plan.media = [{ ...photo(30_000), type: "video", ending: "mp4" }];
    await tap(page, "#add");
    await until(() => (page.data["pictures"] as unknown[]).length === 1);
    expect(page.data["pictures"]).toMatchObject([{ video: true }]);
    await until(() => city.calls.some((call) => call.path.endsWith("/near"))); // what was asked meanwhile is no longer under way
    one.kill();
  });
});

describe("another's report that may be the same", () => {
  it("is offered, and joined once with what was seen", async () => {
    city.near = [{ id: "33333333-3333-7333-8333-333333333333", number: "R-3", words: "通道被堵", place: "人民路", distance_m: 40, photo: null, state: "screened", state_label: "已受理", reported_at: "2026-11-01T00:00:00Z", likeness: 0.8 }];
    let lost = 0;
    const one = phone({ media: [photo(3000)], net: (url, method) => (method === "POST" && url.endsWith("/join") && lost++ === 0 ? "lost" : "") });
    one.launch();
    const page = await written(one);
    await until(() => page.data["near"] === 1);
    expect(one.named("login")).toEqual([]); // the question alone needs no name
    expect(city.people.size).toBe(1); // and one guest, however often it is asked at once
    const near = await one.open("near");
    expect(text(near)).toContain("40 m");
    await tap(near, ".join");
    await until(() => lost === 1 && !near.data["busy"]);
    await tap(near, ".join");
    await until(() => one.named("redirectTo").length === 1);
    expect(city.said.filter((said) => said.path.endsWith("/join"))).toHaveLength(1);
    expect(city.said[0]!.data).toMatchObject({ words: "消防通道被杂物堵住" });
    expect(city.said[0]!.data["photos"]).toHaveLength(1);
    await page.instance["onShow"]!();
    expect(page.data["words"]).toBe("");
    expect(city.reports.size).toBe(0);
    one.kill();
  });
});
