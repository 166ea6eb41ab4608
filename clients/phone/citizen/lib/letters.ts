// Where something sent off stands, in words.
import type { Letter, ReportCard } from "@anlan/core";
import { app } from "../state/app";
import { t } from "../words";

/** Something its reporter has not seen; that it arrived is no news to them. */
export const isNews = (report: ReportCard): boolean => report.unread && report.state !== "submitted";

/** Hundredths of its pictures' bytes that have arrived; words alone weigh nothing. */
export function arrived(letter: Letter): number {
  const photos = letter.photos.map((hash) => app.photos.get(hash)).filter((one) => one !== undefined);
  const whole = photos.reduce((sum, one) => sum + one.size, 0);
  const there = photos.reduce((sum, one) => sum + (one.state === "uploaded" ? one.size : Math.min(one.offset, one.size)), 0);
  return whole ? Math.round((100 * there) / whole) : 0;
}

export function stands(letter: Letter): string {
  if (letter.state === "sent") return t("letter.sent");
  if (letter.state === "rejected") return t("letter.rejected");
  if (!app.online) return t("letter.offline");
  if (app.outcome === "sign_in" && !letter.anonymous) return t("letter.sign_in");
  if (app.outcome === "other_person" && letter.person) return t("letter.other");
  if (app.sending) return letter.photos.length ? t("letter.sending_n", { n: arrived(letter) }) : t("letter.sending");
  return app.outcome === "offline" ? t("letter.again") : t("letter.queued");
}
