import { createApp } from "vue";
import "tdesign-mobile-vue/es/style/index.css";
import "tdesign-mobile-vue/es/popup/style/index.css";
import "tdesign-mobile-vue/es/overlay/style/index.css";
import "tdesign-mobile-vue/es/loading/style/index.css";
import "tdesign-mobile-vue/es/toast/style/index.css";
import "tdesign-mobile-vue/es/progress/style/index.css";
import "virtual:tokens.css";
import "./style/theme.css";
import "./style/base.css";
import "./style/controls.css";
import "./style/cards.css";
import "./style/lists.css";
import "./style/evidence.css";
import "./style/remote.css";
import App from "./App.vue";
import { registerWorker } from "./lib/worker";
import { router } from "./router";
import { fail, open } from "./state/app";

const root = createApp(App).use(router);
root.config.errorHandler = fail;
addEventListener("unhandledrejection", (event) => fail(event.reason));
root.mount("#app");
void open().then(async () => {
  // Back from signing in: to the screen one came from.
  const back = sessionStorage.getItem("anlan:phone:back");
  sessionStorage.removeItem("anlan:phone:back");
  if (back?.startsWith("/phone/")) await router.replace(back.slice("/phone".length));
});
void registerWorker();
