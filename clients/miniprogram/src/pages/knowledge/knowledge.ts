import { definePage, troubleOf, type Touched, type Typed } from "../../lib/page";
import { citizen } from "../../lib/server";
import type { Knowledge } from "../../lib/service";

let asked = 0;
const NOTHING: Knowledge = { topics: [], criteria: [], laws: [], cases: [] };

definePage({
  words: "knowledge",
  data: { found: NOTHING, empty: false, open: "", q: "", loading: false, trouble: "" },
  methods: {
    onLoad() {
      void this.load();
    },
    async load() {
      const turn = ++asked;
      this.setData({ loading: true, trouble: "", empty: false });
      try {
        const found = await citizen.knowledge(this.data.q.trim());
        if (turn === asked) this.setData({ found, empty: Object.values(found).every((one: unknown[]) => !one.length) });
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
    toggle({ currentTarget }: Touched) {
      const code = currentTarget.dataset["code"] ?? "";
      this.setData({ open: this.data.open === code ? "" : code });
    },
    openCase({ currentTarget }: Touched) {
      wx.navigateTo({ url: `/pages/case/case?number=${encodeURIComponent(currentTarget.dataset["number"] ?? "")}` });
    },
  },
});
