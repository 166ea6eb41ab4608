import { claimCode, isClaimCode } from "@anlan/core/citizen";
import { open } from "../../lib/opened";
import { definePage, tellDone, troubleOf, type Typed } from "../../lib/page";
import { citizen } from "../../lib/server";
import { say } from "../../words";

definePage({
  words: "claim",
  data: { code: "", busy: false, trouble: "" },
  methods: {
    type({ detail }: Typed) {
      this.data.code = detail.value;
    },
    async paste() {
      try {
        const { data } = await wx.getClipboardData();
        this.setData({ code: claimCode(data) });
      } catch {
        tellDone(say("common", "denied"));
      }
    },
    async look() {
      const code = claimCode(this.data.code);
      this.setData({ code, trouble: isClaimCode(code) ? "" : say("claim", "incomplete") });
      if (this.data.trouble) return;
      this.setData({ busy: true });
      try {
        open(code, await citizen.byCode(code));
      } catch (trouble) {
        this.setData({ trouble: troubleOf(trouble) });
      } finally {
        this.setData({ busy: false });
      }
    },
  },
});
