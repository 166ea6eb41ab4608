import { definePart } from "../../lib/page";
import { day } from "../../lib/moments";
import { shownAt } from "../../lib/server";

interface Shown {
  photo: string | null;
  reported_at?: string;
  reported_on?: string;
}

definePart({
  words: "card",
  properties: { report: { type: Object, value: null } },
  data: { at: "", shown: "" },
  observers: {
    report(report: Shown | null) {
      if (report) this.setData({ at: day(report.reported_at ?? report.reported_on ?? null), shown: shownAt(report.photo) });
    },
  },
  methods: {},
});
