import { hasContent, keptDraft } from "../../lib/draft";
import { definePage, tellTrouble } from "../../lib/page";
import { refreshSettings, settings } from "../../lib/settings";

definePage({
  words: "home",
  data: { city: "", numbers: [] as string[], draft: false },
  methods: {
    onLoad() {
      refreshSettings().then(
        () => this.look(),
        () => undefined, // the last ones stand, or what holds everywhere
      );
    },
    onShow() {
      this.look();
    },
    async onPullDownRefresh() {
      await refreshSettings().catch(tellTrouble);
      this.look();
      void wx.stopPullDownRefresh();
    },
    look() {
      const { city, urgent_numbers } = settings();
      this.setData({ city, numbers: urgent_numbers, draft: hasContent(keptDraft()) });
    },
    report() {
      wx.navigateTo({ url: "/pages/report/report" });
    },
    mine() {
      wx.switchTab({ url: "/pages/mine/mine" });
    },
    claim() {
      wx.navigateTo({ url: "/pages/claim/claim" });
    },
    rewards() {
      wx.navigateTo({ url: "/pages/rewards/rewards" });
    },
    plaza() {
      wx.switchTab({ url: "/pages/plaza/plaza" });
    },
    knowledge() {
      wx.navigateTo({ url: "/pages/knowledge/knowledge" });
    },
    onShareAppMessage() {
      return { title: this.data.t["share"], path: "/pages/home/home" };
    },
  },
});
