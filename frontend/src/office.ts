import { startCopy } from "./lib/copy";
import { startDialogs } from "./lib/dialogs";
import { listenForDrafts, settleSentDraft, startDrafts } from "./lib/draft";
import { startGuard } from "./lib/guard";
import { startHtmx } from "./lib/htmx";
import { giveKeys } from "./lib/key";
import { startKeys } from "./lib/keys";
import { startLightbox } from "./lib/lightbox";
import { startPictures } from "./lib/pictures";
import { loadOnDemand } from "./lib/load";
import { startMenu } from "./lib/menu";
import { holdForPhotos, startPhotos } from "./lib/photos";
import { listenForPicks } from "./lib/pick";
import { startPosition } from "./lib/position";
import { startScrollable } from "./lib/scrollable";
import { openRows, startTables } from "./lib/table";
import { tickAll } from "./lib/time";
import { startToasts } from "./lib/toast";

// Runs on the whole page once, and again on every fragment that arrives.
function ready(root: ParentNode): void {
  startTables(root);
  startScrollable(root);
  startPhotos(root);
  startPosition(root);
  startDrafts(root);
  loadOnDemand(root);
  tickAll(root);
}

document.documentElement.classList.add("has-script");
startToasts();
startMenu();
startDialogs();
startCopy();
startLightbox();
startPictures();
startKeys();
startGuard();
holdForPhotos();
listenForDrafts();
listenForPicks();
settleSentDraft();
openRows();
startHtmx(ready);
giveKeys(document);
ready(document);
document.querySelector<HTMLElement>("[data-focus]")?.focus();
window.setInterval(() => tickAll(), 30_000);
// A page that comes back from the browser's memory carries used keys.
window.addEventListener("pageshow", (event) => event.persisted && giveKeys(document, true));
