// A report opened by its code: held in memory alone, so that the next one with this phone sees nothing of it.
import { shallowReactive } from "vue";
import type { ReportFollow } from "@anlan/core";

export const claimed = shallowReactive<{ code: string; report: ReportFollow | null }>({ code: "", report: null });
