// Dates as people here read them; the server's moments are UTC, the city's clock is Asia/Shanghai whatever the phone is set to.
import { settings } from "../state/settings";

const ZONE = "Asia/Shanghai";
const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => new Intl.DateTimeFormat(settings.language === "zh" ? "zh-CN" : "en-GB", { timeZone: ZONE, ...options });

export const clockOf = (moment: string | Date): string => format({ hour: "2-digit", minute: "2-digit" }).format(new Date(moment));

export const momentOf = (moment: string | Date): string => format({ month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(moment));

/** With its year and day: on what is signed and kept. */
export const fullMomentOf = (moment: string): string => format({ year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(moment));

/** From – to; a day that both share is said once. */
export function spanOfTime(from: string, to: string): string {
  if (!from || !to) return [from, to].filter(Boolean).map(fullMomentOf).join("");
  const sameDay = fieldOf(from).slice(0, 10) === fieldOf(to).slice(0, 10);
  return `${fullMomentOf(from)} – ${sameDay ? clockOf(to) : fullMomentOf(to)}`;
}

/** As a field for a moment has it, in the city's time; and back. */
export const fieldOf = (moment: string): string => new Date(Date.parse(moment) + 8 * 3_600_000).toISOString().slice(0, 16);
export const momentIn = (field: string): string => new Date(`${field}:00+08:00`).toISOString();

/** A plain date such as 2026-11-22. */
export const dayOf = (day: string): string => format({ month: "long", day: "numeric", weekday: "short" }).format(new Date(`${day}T12:00:00+08:00`));

/** Today's date in the city. */
export const today = (): string => new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(new Date());

/** What a self-check covers: its day, its week from Monday to Sunday, its month. */
export function spanOf(cycle: string, period: string): string {
  const noon = new Date(`${period}T12:00:00+08:00`);
  if (cycle === "monthly") return format({ year: "numeric", month: "long" }).format(noon);
  if (cycle !== "weekly") return dayOf(period);
  const plain = format({ month: "long", day: "numeric" });
  return `${plain.format(noon)} – ${plain.format(noon.getTime() + 6 * 86_400_000)}`;
}
