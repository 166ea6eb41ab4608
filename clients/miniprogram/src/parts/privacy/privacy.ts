import { definePart } from "../../lib/page";
import { answer, exposed, onAsked } from "../../lib/privacy";

let off: () => void = () => undefined;

definePart({
  words: "privacy",
  properties: {},
  data: { open: false },
  attached() {
    off = onAsked(() => {
      this.setData({ open: true });
      exposed();
    });
  },
  detached() {
    off();
    answer({ event: "disagree" });
  },
  methods: {
    read() {
      wx.openPrivacyContract?.({ fail: () => undefined });
    },
    agree() {
      this.setData({ open: false });
      answer({ event: "agree", buttonId: "agree" });
    },
    disagree() {
      this.setData({ open: false });
      answer({ event: "disagree" });
    },
    hold() {
      // What lies behind is not to be scrolled.
    },
  },
});
