import type { Citizen } from "@anlan/core/citizen";
import { acceptMessages, hasMessages } from "../../lib/messages";
import { definePage, sure, told, tellDone, tellTrouble, type Typed } from "../../lib/page";
import { prefs, setPrefs } from "../../lib/prefs";
import { account, citizen, setAccount } from "../../lib/server";
import { refreshMe, signIn, signOut, signedIn } from "../../lib/session";
import { settings } from "../../lib/settings";
import { nameTabs, say, wordsOf } from "../../words";

interface PhoneShared {
  detail: { code?: string; errMsg: string };
}

definePage({
  words: "me",
  data: { me: null as Citizen | null, needed: false, messages: false, busy: "", naming: false, name: "", idNumber: "", version: __VERSION__ },
  methods: {
    async onShow() {
      this.look();
      await refreshMe().catch(() => undefined); // what was known last stands
      this.look();
    },
    look() {
      this.setData({ me: account()?.person ?? null, needed: settings().real_name_needed, messages: hasMessages("report") });
    },
    /** The phone's number by WeChat: a code that is good once, five minutes; the number itself never passes here. */
    async phone({ detail }: PhoneShared) {
      if (!detail.code) return; // not shared, which is anybody's right
      await this.doing("phone", async () => {
        await signIn(detail.code);
        tellDone(say("me", "signed_in"));
      });
    },
    async signIn() {
      await this.doing("sign-in", () => signIn());
    },
    async doing(what: string, work: () => Promise<unknown>) {
      this.setData({ busy: what });
      try {
        await work();
      } catch (trouble) {
        tellTrouble(trouble);
      } finally {
        this.setData({ busy: "" });
        this.look();
      }
    },
    openName() {
      this.setData({ naming: !this.data.naming });
    },
    typeName({ detail }: Typed) {
      this.data.name = detail.value;
    },
    typeId({ detail }: Typed) {
      this.data.idNumber = detail.value;
    },
    async saveName() {
      const { name, idNumber } = this.data;
      if (name.trim().length < 2 || !/^\d{17}[\dXx]$/.test(idNumber.trim())) {
        tellDone(say("me", "name_wrong"));
        return;
      }
      await this.doing("name", async () => {
        const person = await signedIn(() => citizen.realName(name.trim(), idNumber.trim().toUpperCase()));
        const found = account();
        if (found) setAccount({ ...found, person });
        this.setData({ naming: false, name: "", idNumber: "" });
        tellDone(say("me", "name_done"));
      });
    },
    toggleLarge() {
      const large = !this.data.large;
      setPrefs({ large });
      this.setData({ large });
      this.tellServer({ large_type: large });
    },
    toggleEnglish() {
      const english = !this.data.english;
      setPrefs({ language: english ? "en" : "zh" });
      this.setData({ english, t: wordsOf("me") });
      wx.setNavigationBarTitle({ title: say("me", "title") });
      nameTabs();
      this.tellServer({ language: prefs().language === "en" ? "en" : "zh-hans" });
    },
    /** For messages and other devices; here it holds already. */
    tellServer(facts: { large_type?: boolean; language?: string }) {
      if (account()) citizen.change(facts).catch(() => undefined);
    },
    async notify() {
      await this.doing("notify", async () => {
        const accepted = await signedIn(() => acceptMessages("report"));
        tellDone(say("report", accepted ? "notified" : "not_notified"));
      });
    },
    privacy() {
      wx.openPrivacyContract?.({ fail: () => tellDone(say("common", "failed")) });
    },
    async signOut() {
      if (await sure(say("me", "sign_out_sure"), say("me", "sign_out"))) await this.doing("sign-out", signOut);
    },
    /** Name, phone and WeChat are removed at once; what was reported stays, without anybody, and what is owed by a code. */
    async close() {
      if (!(await sure(say("me", "close_sure"), say("me", "close")))) return;
      await this.doing("close", async () => {
        const codes = await signedIn(() => citizen.close());
        setAccount(null);
        if (codes.length) await told(say("me", "closed"), [say("me", "closed_codes"), ...codes.map((one) => `${one.number}：${one.code}`)].join("\n"), say("me", "noted"));
        else tellDone(say("me", "closed"));
      });
    },
    rewards() {
      wx.navigateTo({ url: "/pages/rewards/rewards" });
    },
    knowledge() {
      wx.navigateTo({ url: "/pages/knowledge/knowledge" });
    },
  },
});
