// What this phone remembers outside the stores: whose store is open, the language, the size of type.
import { reactive, watch } from "vue";

export type Language = "zh" | "en";

interface Settings {
  person: string;
  name: string;
  language: Language;
  large: boolean;
}

const KEY = "anlan:phone:settings";

function kept(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Settings>;
  } catch {
    return {};
  }
}

/** Chinese, unless the phone itself speaks something else and nobody has chosen yet. */
const phones = (): Language => ((navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en");

export const settings = reactive<Settings>({ person: "", name: "", language: phones(), large: false, ...kept() });

watch(
  settings,
  (now) => {
    localStorage.setItem(KEY, JSON.stringify(now));
    document.documentElement.lang = now.language === "zh" ? "zh-Hans" : "en";
    document.documentElement.classList.toggle("is-large", now.large);
  },
  { immediate: true, flush: "sync" },
);
