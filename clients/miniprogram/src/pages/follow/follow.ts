import { STOPS, stopOf, type ReportFollow } from "@anlan/core/citizen";
import { cleanText } from "@anlan/core/text";
import { addPictures, dropPictures, take, type Picture } from "../../lib/draft";
import { day, moment, yuan } from "../../lib/moments";
import { opened } from "../../lib/opened";
import { bring } from "../../lib/outbox";
import { definePage, tellDone, tellTrouble, troubleOf, type Touched, type Typed } from "../../lib/page";
import { freshId } from "../../lib/random";
import { account, citizen } from "../../lib/server";
import { ensure, signedIn } from "../../lib/session";
import { settings } from "../../lib/settings";
import { say } from "../../words";

interface Line {
  at: string;
  label: string;
  words: string;
}

type Photos = ReportFollow["photos"];

/** A photo just sent is drawn a moment later: the page asks again a few times. */
const SOON_MS = 3_000;
const ASKED_AGAIN = 10;
let again = 0;
let soon: ReturnType<typeof setTimeout> | undefined;
let id = "";
let code = "";
const STALE_MS = 30_000;
/** When the server was asked last. */
let looked = 0;
/** One act, one key: pressed again after a lost answer it is the same act. */
let keys = { rate: "", contest: "" };
/** Two forms, two texts; closed by mistake, nothing is typed anew. */
let typed = { rate: "", contest: "" };
/** Photos of an objection, by the same way as a report's. */
let objection: Picture[] = [];

definePage({
  words: "follow",
  data: {
    report: null as ReportFollow | null,
    trouble: "",
    stops: [] as { name: string; done: boolean; now: boolean }[],
    lines: [] as Line[],
    before: [] as Photos,
    after: [] as Photos,
    due: "",
    reward: "",
    asking: "" as "" | "rate" | "contest",
    satisfied: null as boolean | null,
    words: "",
    busy: false,
    shots: 0,
  },
  methods: {
    onLoad(query: { id?: string; by?: string }) {
      id = query.id ?? "";
      code = query.by === "code" ? (opened()?.code ?? "") : "";
      keys = { rate: freshId(), contest: freshId() };
      typed = { rate: "", contest: "" };
      objection = [];
      again = 0;
      const there = opened()?.report;
      looked = Date.now();
      if (code && there) this.take(there);
      else void this.load();
    },
    onUnload() {
      clearTimeout(soon);
      dropPictures(objection);
    },
    /** Taken out of the pocket again: as it stands now, unless something is being written. */
    onShow() {
      if (this.data.report && !this.data.asking && Date.now() - looked > STALE_MS) void this.load();
    },
    async onPullDownRefresh() {
      await this.load();
      void wx.stopPullDownRefresh();
    },
    async load() {
      looked = Date.now();
      try {
        this.take(code ? await citizen.byCode(code) : await signedIn(() => citizen.report(id)));
      } catch (trouble) {
        this.setData({ trouble: troubleOf(trouble) });
      }
    },
    take(report: ReportFollow) {
      clearTimeout(soon);
      if (report.photos.some((one) => one.state === "waiting") && again++ < ASKED_AGAIN) soon = setTimeout(() => void this.load(), SOON_MS);
      const at = stopOf(report.state);
      const { reward } = report;
      this.setData({
        report,
        trouble: "",
        stops: STOPS.map((stop, index) => ({ name: say("follow", stop), done: index < at || report.state === "answered", now: index === at && report.state !== "answered" })),
        lines: report.timeline.map((one) => ({ at: moment(one.at), label: one.label, words: one.words })),
        before: report.photos.filter((one) => one.phase === "report"),
        after: report.photos.filter((one) => one.phase !== "report"),
        due: report.due_on && report.state !== "answered" ? say("follow", report.late ? "late" : "due", { day: day(report.due_on) }) : "",
        reward: reward ? say("follow", "reward", { amount: yuan(reward.amount_fen), state: reward.state_label }) : "",
      });
    },
    askRate({ currentTarget }: Touched) {
      this.setData({ asking: "rate", satisfied: currentTarget.dataset["value"] === "yes", words: typed.rate });
    },
    askContest() {
      this.setData({ asking: "contest", words: typed.contest });
    },
    cancel() {
      this.setData({ asking: "" });
    },
    type({ detail }: Typed) {
      this.data.words = detail.value; // typed letters are the field's own; showing them again would move the cursor
      if (this.data.asking) typed[this.data.asking] = detail.value;
    },
    async add() {
      try {
        await addPictures(objection, await take(settings().photos_max - objection.length, false), () => undefined);
      } catch (trouble) {
        tellTrouble(trouble);
      }
      this.setData({ shots: objection.length });
    },
    async send() {
      const { asking, satisfied } = this.data;
      const words = cleanText(this.data.words);
      if (asking === "contest" && words.length < 4) {
        tellDone(say("follow", "need_words"));
        return;
      }
      this.setData({ busy: true });
      try {
        if (asking === "rate") await this.rate(satisfied === true, words);
        else await this.contest(words);
        this.setData({ asking: "" });
        tellDone(say("follow", asking === "rate" ? "rated" : "contested"));
        await this.load();
      } catch (trouble) {
        tellTrouble(trouble);
      } finally {
        this.setData({ busy: false });
      }
    },
    rate(satisfied: boolean, words: string): Promise<unknown> {
      const data = { satisfied, ...(words ? { words } : {}) };
      return code ? citizen.rateByCode(code, data, keys.rate) : signedIn(() => citizen.rate(id, data, keys.rate));
    },
    async contest(words: string): Promise<unknown> {
      if (objection.length) await ensure(Boolean(code));
      const attached = async (): Promise<{ words: string; photos?: string[] }> => {
        if (!objection.length) return { words };
        return { words, photos: await bring(objection, account()?.person.id ?? "", () => undefined) };
      };
      if (code) return citizen.contestByCode(code, await attached(), keys.contest);
      return signedIn(async () => citizen.contest(id, await attached(), keys.contest));
    },
    rewards() {
      wx.navigateTo({ url: code ? "/pages/rewards/rewards?by=code" : "/pages/rewards/rewards" });
    },
  },
});
