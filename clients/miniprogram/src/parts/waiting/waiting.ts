import { definePart } from "../../lib/page";
import { isConnected, onNetwork } from "../../lib/net";
import { onLetters, pump, unsent } from "../../lib/outbox";
import { say } from "../../words";

const offs = new WeakMap<object, (() => void)[]>();

definePart({
  words: "waiting",
  properties: {},
  data: { words: "", stuck: false },
  attached() {
    const look = (): void => this.look();
    offs.set(this, [onLetters(look), onNetwork(look)]);
    look();
  },
  detached() {
    offs.get(this)?.forEach((off) => off());
  },
  methods: {
    look() {
      const all = unsent();
      const stuck = all.filter((one) => one.state === "refused").length;
      const n = all.length - stuck;
      const sending = all.some((one) => one.state === "sending");
      let words = "";
      if (stuck) words = say("waiting", "stuck", { n: stuck });
      else if (n) words = say("waiting", sending ? "sending" : isConnected() ? "queued" : "offline_n", { n });
      else if (!isConnected()) words = say("waiting", "offline");
      this.setData({ words, stuck: stuck > 0 });
    },
    go() {
      void pump();
      wx.switchTab({ url: "/pages/mine/mine" });
    },
  },
});
