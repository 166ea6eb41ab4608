// @vitest-environment jsdom
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import app from "../src/app.json";
import { built, cleared, phone, settled, tap, text, type, until, type Phone } from "./harness";
import { City, FOLLOW } from "./server";

const city = new City();
beforeAll(async () => {
  await built(await city.listen());
});
beforeEach(() => {
  city.clear();
  city.follow = { ...FOLLOW };
  city.rewards = [REWARD];
});
afterAll(() => {
  city.close();
  cleared();
});

const REWARD = {
  ...{ id: "44444444-4444-7444-8444-444444444444", number: "J-1", report_number: "R-9", amount_fen: 123_450, state: "claimable", state_label: "待领取", claim_by: "2026-12-31", way: "", paid_at: null },
  ...{ package: null, voucher_code: null, bill_state: "", mch_id: "1900000001", app_id: "wx1" },
};
const PAGES = app.pages.map((path) => path.split("/").pop()!);
const QUERY: Record<string, Record<string, string>> = { follow: { id: String(FOLLOW.id) }, case: { number: "R-7" } };

function signedIn(prefs: Record<string, unknown> = {}): Phone {
  const store = new Map([["anlan.prefs", JSON.stringify(prefs)]]);
  const { body } = city.enter("wechat-1", false);
  store.set("anlan.account", JSON.stringify(body));
  const one = phone({}, store);
  one.launch();
  return one;
}

describe("every page", () => {
  it.each(PAGES)("%s speaks Chinese, and English in large type, and leaves nothing unsaid", async (name) => {
    const one = signedIn();
    await settled(60);
    const page = await one.open(name, QUERY[name]);
    await settled(60);
    expect(text(page)).toMatch(/[\u4e00-\u9fff]{2}/);
    expect(text(page)).not.toMatch(/undefined|null|\[object|NaN/);
    expect(page.dom.querySelector(".main--large")).toBeNull();
    one.kill();
    const other = signedIn({ language: "en", large: true });
    await settled(60);
    const english = await other.open(name, QUERY[name]);
    await settled(60);
    expect(english.dom.querySelector(".main--large")).not.toBeNull();
    const words = (english.data["t"] as Record<string, string>)["title"]!;
    expect(other.named("setNavigationBarTitle").at(-1)).toMatchObject({ title: words });
    expect(words).toMatch(/^[ -~]+$/);
    other.kill();
  });

  it.each(PAGES)("%s stands without a network", async (name) => {
    const one = phone({ connected: false });
    one.launch();
    const page = await one.open(name, QUERY[name]);
    await settled(80);
    expect(text(page).length).toBeGreaterThan(3);
    one.kill();
  });
});

describe("a report that is followed", () => {
  it("shows how far it is, the answer and both sides of the photos", async () => {
    const one = signedIn();
    const page = await one.open("follow", { id: String(FOLLOW.id) });
    await until(() => text(page).includes("已责令清理"));
    expect(text(page)).toContain("奖励 ¥200（待领取）");
    expect(text(page)).toContain("2026-11-01 10:03"); // as it is in China
    expect(page.data["before"]).toHaveLength(1);
    expect(page.data["after"]).toHaveLength(1);
    one.kill();
  });

  it("is rated once though the answer was lost", async () => {
    let lost = 0;
    const one = signedIn();
    one.plan.net = (url, method) => (method === "POST" && url.endsWith("/rate") && lost++ === 0 ? "lost" : "");
    const page = await one.open("follow", { id: String(FOLLOW.id) });
    await until(() => text(page).includes("对办理结果满意吗"));
    await tap(page, "#rate-no");
    await type(page, "#words", "还有一处没清");
    await tap(page, "#send");
    await until(() => !page.data["busy"]);
    expect(one.toasts().at(-1)).toContain("网络");
    await tap(page, "#send");
    await until(() => page.data["asking"] === "");
    expect(city.said).toHaveLength(1);
    expect(city.said[0]).toMatchObject({ data: { satisfied: false, words: "还有一处没清" } });
    one.kill();
  });

  it("is contested with a reason and a photo", async () => {
    const one = signedIn();
    one.plan.media = [{ bytes: new Uint8Array(4000).fill(9), type: "image", ending: "jpg" }];
    const page = await one.open("follow", { id: String(FOLLOW.id) });
    await until(() => Boolean(page.querySelector("#contest")));
    await tap(page, "#contest");
    await tap(page, "#send");
    expect(one.toasts().at(-1)).toContain("说明理由");
    await type(page, "#words", "东侧仍然堵着");
    await tap(page, "#add");
    await until(() => page.data["shots"] === 1);
    await tap(page, "#send");
    await until(() => page.data["asking"] === "");
    expect(city.said.at(-1)?.data).toMatchObject({ words: "东侧仍然堵着" });
    expect(city.said.at(-1)?.data["photos"]).toHaveLength(1);
    expect(one.store.has("anlan.draft")).toBe(false); // an objection is no report
    one.kill();
  });

  it("is fresh when it is looked at again, and what was typed is not lost by closing the form", async () => {
    const one = signedIn();
    const page = await one.open("follow", { id: String(FOLLOW.id) });
    await until(() => Boolean(page.querySelector("#contest")));
    await tap(page, "#contest");
    await type(page, "#words", "东侧仍然堵着");
    await tap(page, "#cancel");
    await tap(page, "#rate-no");
    expect(page.data["words"]).toBe("");
    await tap(page, "#cancel");
    await tap(page, "#contest");
    expect(page.data["words"]).toBe("东侧仍然堵着");
    const asked = (): number => city.calls.filter((call) => call.path.endsWith(String(FOLLOW.id))).length;
    const before = asked();
    const late = Date.now() + 60_000;
    const real = Date.now;
    Date.now = () => late;
    try {
      await page.instance["onShow"]!(); // not under somebody's hands
      expect(asked()).toBe(before);
      await tap(page, "#cancel");
      city.follow = { ...FOLLOW, state_label: "已重新答复", outcome_label: "" };
      await page.instance["onShow"]!();
      await until(() => text(page).includes("已重新答复"));
    } finally {
      Date.now = real;
    }
    expect(asked()).toBe(before + 1);
    one.kill();
  });

  it("opens by a code however it was typed, and says nothing of a wrong one", async () => {
    const one = phone();
    one.launch();
    const page = await one.open("claim");
    await type(page, "#code", "abcd");
    await tap(page, "#look");
    expect(text(page)).toContain("应为 12 位");
    await type(page, "#code", "abcd efgh jkmx");
    await tap(page, "#look");
    await until(() => Boolean(page.data["trouble"]) && !page.data["busy"]);
    expect(one.named("navigateTo")).toEqual([]);
    await tap(page, "#paste");
    await tap(page, "#look");
    await until(() => one.named("navigateTo").length === 1);
    expect(String(one.named("navigateTo")[0]!["url"])).not.toContain("ABCD"); // addresses are shared and logged
    const follow = await one.open("follow", { by: "code" });
    expect(text(follow)).toContain("R-9");
    await tap(follow, "#rate-yes");
    await tap(follow, "#send");
    await until(() => city.said.length === 1);
    expect(city.said[0]).toMatchObject({ path: "claims/rate", data: { code: "ABCD-EFGH-JKMN", satisfied: true } });
    expect(one.named("login")).toEqual([]);
    one.kill();
  });
});

describe("a reward", () => {
  it("is received by a transfer, and paid only when the server says so", async () => {
    let asked = 0;
    city.reward = () => ({ status: 200, body: { ...REWARD, state: "paying", package: asked++ ? "pkg" : null } });
    const one = signedIn();
    const page = await one.open("rewards");
    await until(() => text(page).includes("¥1,234.50"));
    await tap(page, ".claim");
    await until(() => one.named("requestMerchantTransfer").length === 1);
    expect(one.named("requestMerchantTransfer")[0]).toMatchObject({ mchId: "1900000001", appId: "wx1", package: "pkg" });
    expect(text(page)).not.toContain("已支付于");
    city.rewards = [{ ...REWARD, state: "paid", state_label: "已支付", paid_at: "2026-11-22T02:00:00Z" }];
    await until(() => text(page).includes("已支付于 2026-11-22"));
    expect(city.said.filter((said) => said.path.endsWith("/claim"))).toHaveLength(1);
    one.kill();
  });

  it("that was not confirmed goes on with the same bill, never a second one", async () => {
    city.rewards = [{ ...REWARD, state: "paying", state_label: "支付中", way: "wechat" }];
    city.reward = () => ({ status: 200, body: { ...REWARD, state: "paying", package: "pkg" } });
    const one = signedIn();
    one.plan.transfer = "cancel";
    const page = await one.open("rewards");
    await until(() => Boolean(page.querySelector(".go-on")));
    await tap(page, ".go-on");
    await until(() => one.toasts().some((said) => said.includes("还没有收款")));
    expect(city.said).toEqual([]);
    one.kill();
  });

  it("above two thousand yuan asks for the name that WeChat compares", async () => {
    city.rewards = [{ ...REWARD, amount_fen: 200_000 }];
    city.reward = () => ({ status: 200, body: { ...REWARD, package: "pkg" } });
    const one = signedIn();
    const page = await one.open("rewards");
    await until(() => Boolean(page.querySelector(".claim")));
    one.plan.confirm = false;
    await tap(page, ".claim");
    expect(city.said).toEqual([]); // closed: nothing is claimed
    one.plan.confirm = true;
    await tap(page, ".claim");
    await until(() => city.said.length === 1);
    expect(city.said[0]!.data).toEqual({ way: "wechat", name: "王小明" });
    one.kill();
  });

  it("of an anonymous report is a voucher, by the code alone", async () => {
    const one = phone();
    one.launch();
    const claim = await one.open("claim");
    await tap(claim, "#paste");
    await tap(claim, "#look");
    await until(() => one.named("navigateTo").length === 1);
    const page = await one.open("rewards", { by: "code" });
    await until(() => Boolean(page.querySelector(".claim")));
    await tap(page, ".claim");
    await until(() => text(page).includes("V-2026"));
    expect(city.said[0]).toMatchObject({ path: "claims/rewards/claim", data: { code: "ABCD-EFGH-JKMN", reward: REWARD.id, way: "voucher" } });
    expect(one.named("login")).toEqual([]);
    one.kill();
  });
});

describe("me", () => {
  it("signs in by WeChat, shares the phone only by its button, and signs out", async () => {
    const one = phone();
    one.launch();
    const page = await one.open("me");
    expect(text(page)).toContain("未登录");
    await tap(page, "#sign-in");
    await until(() => text(page).includes("未绑定手机号"));
    page.querySelector("#phone")!.instance["triggerEvent"]!("getphonenumber", { errMsg: "getPhoneNumber:fail user deny" });
    await settled();
    expect(text(page)).toContain("未绑定手机号");
    page.querySelector("#phone")!.instance["triggerEvent"]!("getphonenumber", { code: "once", errMsg: "getPhoneNumber:ok" });
    await until(() => text(page).includes("138****1234"));
    await tap(page, "#sign-out");
    await until(() => text(page).includes("未登录"));
    one.kill();
  });

  it("closes the account only after a second word, and forgets it here", async () => {
    const one = signedIn();
    const page = await one.open("me");
    one.plan.confirm = false;
    await tap(page, "#close");
    expect(one.store.has("anlan.account")).toBe(true);
    one.plan.confirm = true;
    await tap(page, "#close");
    await until(() => text(page).includes("未登录"));
    expect(city.calls.at(-1)).toMatchObject({ method: "DELETE", path: "/api/v1/citizen/me" });
    one.kill();
  });

  it("shows the codes of what is still owed, once, when the account is closed", async () => {
    const one = signedIn();
    city.kept = [{ number: "SP-1", code: "7K2M-9QXC-41TB" }];
    const page = await one.open("me");
    await tap(page, "#close");
    await until(() => one.named("showModal").length === 2);
    expect(one.named("showModal").at(-1)).toMatchObject({ title: "账号已注销", showCancel: false });
    expect(String((one.named("showModal").at(-1) as { content: string }).content)).toContain("SP-1：7K2M-9QXC-41TB");
    expect(one.store.has("anlan.account")).toBe(false);
    one.kill();
  });

  it("changes language and size at once, and tells the tabs", async () => {
    const one = signedIn();
    const page = await one.open("me");
    await tap(page, "#english");
    expect(text(page)).toContain("Large type");
    expect(one.named("setTabBarItem").at(-1)).toMatchObject({ text: "Me" });
    await tap(page, "#large");
    expect(page.dom.querySelector(".main--large")).not.toBeNull();
    const again = phone({}, one.store);
    again.launch();
    const home = await again.open("home");
    expect(text(home)).toContain("Report a hazard");
    one.kill();
    again.kill();
  });

  it("counts each consent to a message, accepted or not", async () => {
    const one = signedIn();
    await one.open("mine");
    await until(() => one.store.has("anlan.templates"));
    const page = await one.open("me");
    await tap(page, "#notify");
    await until(() => city.said.length === 2);
    expect(city.said.map((said) => said.data)).toEqual([
      { template: "report.answered", accepted: true },
      { template: "reward.claimable", accepted: true },
    ]);
    one.plan.accept = "reject";
    await tap(page, "#notify");
    await until(() => city.said.length === 4);
    expect(city.said.at(-1)!.data).toMatchObject({ accepted: false });
    await until(() => one.toasts().at(-1)!.includes("没有开启")); // said after the last answer has come
    one.kill();
  });
});
