// A report opened by its claim code. The code goes from page to page in memory, never in an address: addresses are logged and shared.
import type { ReportFollow } from "@anlan/core/citizen";

export interface Opened {
  code: string;
  report: ReportFollow;
}

let held: Opened | null = null;
export const opened = (): Opened | null => held;

export function open(code: string, report: ReportFollow): void {
  held = { code, report };
  wx.navigateTo({ url: "/pages/follow/follow?by=code" });
}
