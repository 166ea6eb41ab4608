import { day } from "../../lib/moments";
import { definePage, troubleOf } from "../../lib/page";
import { citizen } from "../../lib/server";
import type { PublicReport } from "../../lib/service";
import { say } from "../../words";

let number = "";

definePage({
  words: "case",
  data: { report: null as PublicReport | null, at: "", before: [] as PublicReport["photos"], after: [] as PublicReport["photos"], trouble: "" },
  methods: {
    onLoad(query: { number?: string }) {
      number = decodeURIComponent(query.number ?? "");
      void this.load();
    },
    async load() {
      try {
        const report = await citizen.publicReport(number);
        const before = report.photos.filter((one) => one.phase === "report");
        const after = report.photos.filter((one) => one.phase !== "report");
        this.setData({ report, at: day(report.reported_on), trouble: "", before, after });
      } catch (trouble) {
        this.setData({ trouble: troubleOf(trouble) });
      }
    },
    onShareAppMessage() {
      return { title: this.data.report?.words.slice(0, 30) || say("plaza", "title"), path: `/pages/case/case?number=${encodeURIComponent(number)}` };
    },
  },
});
