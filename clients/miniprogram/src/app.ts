import { account } from "./lib/server";
import { refreshMessages } from "./lib/messages";
import { keptDraft } from "./lib/draft";
import { watchNetwork } from "./lib/net";
import { pump, watchLetters } from "./lib/outbox";
import { fillPool } from "./lib/random";
import { watchPrivacy } from "./lib/privacy";
import { nameTabs } from "./words";

App({
  onLaunch() {
    fillPool();
    nameTabs();
    watchNetwork();
    watchPrivacy();
    watchLetters(keptDraft());
  },
  onShow() {
    void pump();
    if (account()) refreshMessages().catch(() => undefined);
  },
});
