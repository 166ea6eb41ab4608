import { createRouter, createWebHistory } from "vue-router";
import Claim from "./screens/Claim.vue";
import Follow from "./screens/Follow.vue";
import Home from "./screens/Home.vue";
import Me from "./screens/Me.vue";
import Mine from "./screens/Mine.vue";
import Rewards from "./screens/Rewards.vue";
import Sent from "./screens/Sent.vue";
import Write from "./screens/Write.vue";

// All in one piece: a screen that must be fetched first is a screen that is missing where the network is bad. Only the map comes when asked for.
export const router = createRouter({
  history: createWebHistory("/report/"),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: "/", component: Home, meta: { tab: "home" } },
    { path: "/new", component: Write },
    { path: "/sent/:id", component: Sent, props: true },
    { path: "/mine", component: Mine, meta: { tab: "mine" } },
    { path: "/reports/:id", component: Follow, props: true },
    { path: "/claim", component: Claim },
    { path: "/claim/report", component: Follow, props: { byCode: true } },
    { path: "/claim/rewards", component: Rewards, props: { byCode: true } },
    { path: "/rewards", component: Rewards, meta: { tab: "rewards" } },
    { path: "/me", component: Me, meta: { tab: "me" } },
    { path: "/:else(.*)*", redirect: "/" },
  ],
});
