// "It may be this one": whoever joins follows the other report, and what they wrote and saw goes to it.
import type { Near } from "@anlan/core/citizen";
import { cleanText } from "@anlan/core/text";
import { dropPictures, forgetDraft, hasContent, keptDraft } from "../../lib/draft";
import { day } from "../../lib/moments";
import { lastNear } from "../../lib/near";
import { bring } from "../../lib/outbox";
import { definePage, sure, tellDone, tellTrouble, type Touched } from "../../lib/page";
import { account, citizen } from "../../lib/server";
import { signedIn } from "../../lib/session";
import { say } from "../../words";

definePage({
  words: "near",
  data: { items: [] as (Near & { at: string })[], busy: "" },
  methods: {
    onLoad() {
      this.setData({ items: lastNear().map((one) => ({ ...one, at: day(one.reported_at) })) });
    },
    async join({ currentTarget }: Touched) {
      const id = currentTarget.dataset["id"] ?? "";
      if (this.data.busy || !(await sure(say("near", "sure"), say("near", "join")))) return;
      this.setData({ busy: id });
      const draft = keptDraft();
      try {
        await signedIn(async () => {
          const photos = draft ? await bring(draft.pictures, account()?.person.id ?? "", () => undefined) : [];
          // The draft's id is the key: joined twice it is joined once.
          await citizen.join(id, { words: cleanText(draft?.words ?? "").slice(0, 500), photos }, `${draft?.id ?? id}-${id}`);
        });
        if (hasContent(draft)) dropPictures(draft?.pictures ?? []);
        forgetDraft();
        tellDone(say("near", "joined"));
        wx.redirectTo({ url: `/pages/follow/follow?id=${id}` });
      } catch (trouble) {
        tellTrouble(trouble);
      } finally {
        this.setData({ busy: "" });
      }
    },
    back() {
      wx.navigateBack();
    },
  },
});
