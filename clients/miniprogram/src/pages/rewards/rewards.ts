// A reward is paid when the server says so. WeChat's own "success" only means that the person pressed receive.
import type { Claimed } from "@anlan/core/citizen";
import { ask, wasCancelled } from "../../lib/ask";
import { acceptMessages, hasMessages } from "../../lib/messages";
import { day, yuan } from "../../lib/moments";
import { opened } from "../../lib/opened";
import { definePage, tellDone, tellTrouble, troubleOf, type Touched } from "../../lib/page";
import { freshId } from "../../lib/random";
import { account, citizen } from "../../lib/server";
import type { Reward } from "../../lib/service";
import { signedIn } from "../../lib/session";
import { say } from "../../words";

interface Shown extends Reward {
  amount: string;
  by: string;
  paid: string;
}

const LOOKS_MS = [1500, 3000, 5000, 8000, 13000];
/** The transfer is ordered after the claim was answered: a moment later its package is there. */
const ORDER_MS = [400, 800, 1500, 3000, 5000];
/** From this amount on WeChat compares the receiver's name. */
const NAMED_FEN = 200_000;
const OVER = new Set(["paid", "lapsed", "failed"]);

let code = "";
let gone = false;
/** The same press again after a lost answer is the same claim. */
const keys = new Map<string, string>();
const keyOf = (id: string, way: string): string => {
  const name = `${id} ${way}`;
  if (!keys.has(name)) keys.set(name, freshId());
  return keys.get(name) ?? "";
};

const shownOf = (one: Reward): Shown => ({ ...one, amount: yuan(one.amount_fen), by: day(one.claim_by), paid: day(one.paid_at) });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

definePage({
  words: "rewards",
  data: { items: [] as Shown[], looked: false, known: false, trouble: "", busy: "", waiting: "", voucher: "", messages: false },
  methods: {
    onLoad(query: { by?: string }) {
      gone = false;
      code = query.by === "code" ? (opened()?.code ?? "") : "";
      const person = account()?.person;
      this.setData({ known: Boolean(code || (person && !person.guest)), messages: !code && hasMessages("reward") });
      if (this.data.known) void this.load();
    },
    onUnload() {
      gone = true;
    },
    async onPullDownRefresh() {
      await this.load();
      void wx.stopPullDownRefresh();
    },
    async load(): Promise<Shown[]> {
      try {
        const { items } = code ? await citizen.rewardsByCode(code) : await signedIn(() => citizen.rewards());
        this.setData({ items: (items as Reward[]).map(shownOf), looked: true, known: true, trouble: "" });
      } catch (trouble) {
        this.setData({ trouble: troubleOf(trouble) });
      }
      return this.data.items;
    },
    signIn() {
      void this.load();
    },
    async claim({ currentTarget }: Touched) {
      const id = currentTarget.dataset["id"] ?? "";
      if (this.data.busy) return;
      const ways: ("wechat" | "voucher")[] = code ? ["voucher"] : ["wechat", "voucher"];
      let way = ways[0] ?? "voucher";
      if (ways.length > 1) {
        try {
          const { tapIndex } = await wx.showActionSheet({ itemList: ways.map((one) => say("rewards", one)) });
          way = ways[tapIndex] ?? way;
        } catch {
          return; // closed
        }
      }
      this.setData({ busy: id });
      try {
        const name = await this.nameFor(id, way);
        if (name === null) return;
        const claimed = await this.ask(id, way, name);
        keys.delete(`${id} ${way}`);
        if (claimed.voucher_code) this.setData({ voucher: claimed.voucher_code });
        else if (way === "wechat") await this.receive(id);
        await this.load();
      } catch (trouble) {
        tellTrouble(trouble);
        await this.load();
      } finally {
        this.setData({ busy: "" });
      }
    },
    /** The receiver's name where WeChat compares it; null when they closed the question. */
    async nameFor(id: string, way: "wechat" | "voucher"): Promise<string | null> {
      const amount = this.data.items.find((one) => one.id === id)?.amount_fen ?? 0;
      if (way !== "wechat" || amount < NAMED_FEN) return "";
      const { confirm, content } = await wx.showModal({ title: say("rewards", "name"), editable: true, placeholderText: say("rewards", "name_hint") });
      return confirm && content.trim() ? content.trim() : null;
    },
    ask(id: string, way: "wechat" | "voucher", name: string): Promise<Claimed> {
      const key = keyOf(id, way);
      const facts = { way, ...(name ? { name } : {}) };
      return code ? citizen.takeByCode(code, id, facts, key) : signedIn(() => citizen.takeReward(id, facts, key));
    },
    /** A transfer that was claimed and not confirmed yet: the same bill goes on, there is no second one. */
    async goOn({ currentTarget }: Touched) {
      const id = currentTarget.dataset["id"] ?? "";
      this.setData({ busy: id });
      try {
        await this.receive(id);
        await this.load();
      } catch (trouble) {
        tellTrouble(trouble);
      } finally {
        this.setData({ busy: "" });
      }
    },
    async ordered(id: string): Promise<Reward | null> {
      for (const ms of ORDER_MS) {
        await pause(ms);
        const one = await signedIn(() => citizen.reward(id));
        if (one.package || OVER.has(one.state) || gone) return one;
      }
      return null;
    },
    async receive(id: string) {
      if (!wx.canIUse("requestMerchantTransfer")) {
        tellDone(say("rewards", "too_old"));
        return;
      }
      const one = await this.ordered(id);
      if (!one?.package) {
        tellDone(say("rewards", one ? "over" : "not_ordered"));
        return;
      }
      const transfer = { mchId: one.mch_id ?? "", appId: one.app_id ?? wx.getAccountInfoSync().miniProgram.appId, package: one.package };
      try {
        await ask((ends) => wx.requestMerchantTransfer({ ...transfer, ...ends } as never));
      } catch (trouble) {
        tellDone(say("rewards", wasCancelled(trouble) ? "not_yet" : "not_opened"));
        return;
      }
      await this.until(id);
    },
    /** Asks until the server knows how it ended, for half a minute; later the list tells. */
    async until(id: string) {
      this.setData({ waiting: id });
      for (const ms of LOOKS_MS) {
        await pause(ms);
        if (gone) return;
        const one = (await this.load()).find((reward) => reward.id === id);
        if (one && OVER.has(one.state)) break;
      }
      this.setData({ waiting: "" });
    },
    copy() {
      void wx.setClipboardData({ data: this.data.voucher });
    },
    async notify() {
      try {
        const accepted = await acceptMessages("reward");
        if (accepted) this.setData({ messages: false });
      } catch (trouble) {
        tellTrouble(trouble);
      }
    },
  },
});
