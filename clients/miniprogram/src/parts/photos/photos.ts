// Photos of a report that lies on the server: small ones in a row, the whole one at a tap.
import { definePart, type Touched } from "../../lib/page";
import { shownAt } from "../../lib/server";

interface One {
  thumb: string | null;
  display: string;
  kind?: string;
  state?: string;
}

interface Item {
  shown: string;
  url: string;
  type: "image" | "video";
  /** Neither is there anything to open yet, or ever. */
  state: string;
}

definePart({
  words: "card",
  properties: { photos: { type: Array, value: [] }, label: { type: String, value: "" } },
  data: { items: [] as Item[] },
  observers: {
    photos(photos: One[]) {
      this.setData({ items: photos.map((one): Item => ({ shown: shownAt(one.thumb), url: shownAt(one.display), type: one.kind === "video" ? "video" : "image", state: one.state ?? "drawn" })) });
    },
  },
  methods: {
    open({ currentTarget }: Touched) {
      const touched = this.data.items[Number(currentTarget.dataset["index"])];
      const there = this.data.items.filter((one) => one.state !== "waiting" && one.state !== "flawed");
      if (!touched || !there.includes(touched)) return;
      void wx.previewMedia({ sources: there.map(({ url, type }) => ({ url, type })), current: there.indexOf(touched) });
    },
  },
});
