import type { ReportCard } from "@anlan/core/citizen";
import { backToDraft, dropLetter, forgetCode, isNoAnswer, knownCodes, letters, onLetters, pump, type KnownCode, type Letter } from "../../lib/outbox";
import { moment } from "../../lib/moments";
import { open } from "../../lib/opened";
import { definePage, sure, tellTrouble, troubleOf, type Touched } from "../../lib/page";
import { hasContent, keptDraft } from "../../lib/draft";
import { account, citizen } from "../../lib/server";
import { signedIn } from "../../lib/session";
import { say } from "../../words";

interface Waiting {
  id: string;
  words: string;
  at: string;
  state: string;
  label: string;
  trouble: string;
}

let off: () => void = () => undefined;
let asked = 0;

function waitingOf({ id, draft, at, state, detail, errors, tries }: Letter): Waiting {
  const trouble = state === "refused" ? (errors[0]?.message ?? (detail === "other" ? say("mine", "other") : detail || say("common", "refused"))) : detail;
  const label = say("mine", state === "refused" ? "state_refused" : state === "sending" ? "state_sending" : tries ? "state_again" : "state_waiting");
  return { id, words: draft.words || say("card", "photo_only"), at: moment(at), state, label, trouble };
}

definePage({
  words: "mine",
  data: { waiting: [] as Waiting[], items: [] as ReportCard[], codes: [] as (KnownCode & { when: string })[], next: null as string | null, known: false, loading: false, trouble: "", looked: false },
  methods: {
    onLoad() {
      off = onLetters(() => this.look());
    },
    onUnload() {
      off();
    },
    onShow() {
      this.look();
      if (account() && !account()?.person.guest) void this.load();
    },
    async onPullDownRefresh() {
      void pump();
      if (this.data.known) await this.load();
      void wx.stopPullDownRefresh();
    },
    onReachBottom() {
      if (this.data.next && !this.data.loading) void this.load(this.data.next);
    },
    look() {
      const person = account()?.person;
      const codes = knownCodes().map((one) => ({ ...one, when: moment(one.at) }));
      this.setData({ waiting: letters().filter((one) => one.state !== "sent").map(waitingOf), codes, known: Boolean(person && !person.guest) });
    },
    async load(cursor?: string) {
      const turn = ++asked;
      this.setData({ loading: true, trouble: "" });
      try {
        const { items, next } = await signedIn(() => citizen.reports(cursor));
        if (turn === asked) this.setData({ items: cursor ? [...this.data.items, ...items] : items, next, looked: true });
      } catch (trouble) {
        if (turn === asked) this.setData({ trouble: troubleOf(trouble) });
        if (!isNoAnswer(trouble)) this.look();
      } finally {
        if (turn === asked) this.setData({ loading: false });
      }
    },
    async signIn() {
      await this.load();
      this.look();
    },
    again() {
      void pump();
    },
    async mend({ currentTarget }: Touched) {
      if (hasContent(keptDraft()) && !(await sure(say("mine", "mend_sure"), say("mine", "mend")))) return;
      if (backToDraft(currentTarget.dataset["id"] ?? "")) wx.navigateTo({ url: "/pages/report/report" });
    },
    async drop({ currentTarget }: Touched) {
      if (await sure(say("mine", "drop_sure"), say("mine", "drop"))) dropLetter(currentTarget.dataset["id"] ?? "");
    },
    follow({ currentTarget }: Touched) {
      wx.navigateTo({ url: `/pages/follow/follow?id=${currentTarget.dataset["id"]}` });
    },
    async followCode({ currentTarget }: Touched) {
      const code = currentTarget.dataset["code"] ?? "";
      try {
        open(code, await citizen.byCode(code));
      } catch (trouble) {
        tellTrouble(trouble);
      }
    },
    async forget({ currentTarget }: Touched) {
      if (!(await sure(say("mine", "forget_sure"), say("mine", "forget")))) return;
      forgetCode(currentTarget.dataset["code"] ?? "");
      this.look();
    },
    claim() {
      wx.navigateTo({ url: "/pages/claim/claim" });
    },
    report() {
      wx.navigateTo({ url: "/pages/report/report" });
    },
  },
});
