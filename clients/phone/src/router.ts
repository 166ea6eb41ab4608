import { createRouter, createWebHistory } from "vue-router";
import Arrive from "./screens/Arrive.vue";
import Check from "./screens/Check.vue";
import Clauses from "./screens/Clauses.vue";
import FindingForm from "./screens/FindingForm.vue";
import Findings from "./screens/Findings.vue";
import Hazard from "./screens/Hazard.vue";
import Hazards from "./screens/Hazards.vue";
import HazardStep from "./screens/HazardStep.vue";
import Letter from "./screens/Letter.vue";
import Me from "./screens/Me.vue";
import Mend from "./screens/Mend.vue";
import OnSite from "./screens/OnSite.vue";
import Outbox from "./screens/Outbox.vue";
import SelfCheck from "./screens/SelfCheck.vue";
import Sign from "./screens/Sign.vue";
import SiteRecord from "./screens/SiteRecord.vue";
import Today from "./screens/Today.vue";
import Visit from "./screens/Visit.vue";

// All in one piece: a screen that must be fetched first is a screen that is missing in a cellar.
export const router = createRouter({
  history: createWebHistory("/phone/"),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: "/", component: Today, meta: { tab: "today" } },
    { path: "/clauses", component: Clauses, meta: { tab: "clauses" } },
    { path: "/outbox", component: Outbox, meta: { tab: "outbox" } },
    { path: "/outbox/:command", component: Letter, props: true },
    { path: "/outbox/:command/mend", component: Mend, props: true },
    { path: "/me", component: Me, meta: { tab: "me" } },
    { path: "/visits/:id", component: Visit, props: true },
    { path: "/visits/:id/arrive", component: Arrive, props: true },
    { path: "/visits/:id/check", component: Check, props: true },
    { path: "/visits/:id/findings", component: Findings, props: true },
    { path: "/visits/:id/findings/new", component: FindingForm, props: (to) => ({ id: to.params["id"], item: to.query["item"], copy: to.query["copy"], mends: to.query["mend"] }) },
    { path: "/visits/:id/on-site", component: OnSite, props: true },
    { path: "/visits/:id/record", component: SiteRecord, props: true },
    { path: "/visits/:id/sign", component: Sign, props: true },
    { path: "/hazards", component: Hazards },
    { path: "/hazards/:id", component: Hazard, props: true },
    { path: "/hazards/:id/:step", component: HazardStep, props: (to) => ({ id: to.params["id"], step: to.params["step"], mends: to.query["mend"] }) },
    { path: "/self/:enterprise/:cycle/:period", component: SelfCheck, props: true },
    { path: "/:else(.*)*", redirect: "/" },
  ],
});
