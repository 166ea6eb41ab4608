import { createApp } from "vue";
import "virtual:tokens.css";
import "../src/style/base.css";
import "../src/style/controls.css";
import "./style/frame.css";
import "./style/home.css";
import "./style/write.css";
import "./style/follow.css";
import App from "./App.vue";
import { registerWorker } from "./lib/worker";
import { router } from "./router";
import { fail, open } from "./state/app";

const root = createApp(App).use(router);
root.config.errorHandler = fail;
addEventListener("unhandledrejection", (event) => fail(event.reason));
for (const came of ["load", "error"]) addEventListener(came, ({ target }) => target instanceof HTMLImageElement && target.classList.toggle("is-missing", came === "error"), true);
root.mount("#app");
void open().catch(fail);
// Without a service worker it still works where there is a network.
registerWorker().catch((error: unknown) => console.info(error));
