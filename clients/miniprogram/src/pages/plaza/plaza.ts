import { definePage, troubleOf, type Touched, type Typed } from "../../lib/page";
import { citizen } from "../../lib/server";
import type { PublicCard } from "../../lib/service";
import { refreshSettings, settings } from "../../lib/settings";
import { say } from "../../words";

let asked = 0;

definePage({
  words: "plaza",
  data: { items: [] as PublicCard[], next: null as string | null, loading: false, looked: false, trouble: "", q: "", category: "", categories: [] as { code: string; name: string }[], figures: [] as { name: string; value: string }[] },
  methods: {
    onLoad() {
      this.setData({ categories: settings().categories });
      if (!settings().categories.length) refreshSettings().then(({ categories }) => this.setData({ categories }), () => undefined);
      void this.load();
      void this.count();
    },
    async onPullDownRefresh() {
      await Promise.all([this.load(), this.count()]);
      void wx.stopPullDownRefresh();
    },
    onReachBottom() {
      if (this.data.next && !this.data.loading) void this.load(this.data.next);
    },
    async count() {
      try {
        const { reports, answered, median_days } = await citizen.figures();
        const shown = [
          { name: say("plaza", "reports"), value: String(reports) },
          { name: say("plaza", "answered"), value: String(answered) },
        ];
        if (median_days !== null) shown.push({ name: say("plaza", "median"), value: say("plaza", "days", { n: median_days }) });
        this.setData({ figures: shown });
      } catch {
        // The list says whether there is a network.
      }
    },
    async load(cursor?: string) {
      const turn = ++asked;
      const { q, category } = this.data;
      this.setData({ loading: true, trouble: "" });
      try {
        const { items, next } = await citizen.plaza({ ...(cursor ? { cursor } : {}), category, q: q.trim() });
        if (turn === asked) this.setData({ items: cursor ? [...this.data.items, ...items] : items, next, looked: true });
      } catch (trouble) {
        if (turn === asked) this.setData({ trouble: troubleOf(trouble) });
      } finally {
        if (turn === asked) this.setData({ loading: false });
      }
    },
    type({ detail }: Typed) {
      this.data.q = detail.value;
    },
    search() {
      void this.load();
    },
    choose({ currentTarget }: Touched) {
      const code = currentTarget.dataset["code"] ?? "";
      this.setData({ category: this.data.category === code ? "" : code });
      void this.load();
    },
    open({ currentTarget }: Touched) {
      wx.navigateTo({ url: `/pages/case/case?number=${encodeURIComponent(currentTarget.dataset["number"] ?? "")}` });
    },
    onShareAppMessage() {
      return { title: say("plaza", "title"), path: "/pages/plaza/plaza" };
    },
  },
});
