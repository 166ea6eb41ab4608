// Times as they are in China, whatever the phone thinks its zone is. WeChat's engines differ in Intl, so it is counted here.
const HOURS = 8 * 3_600_000;
const two = (value: number): string => String(value).padStart(2, "0");

function parts(iso: string): Date | null {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : new Date(at + HOURS);
}

export function day(iso: string | null): string {
  if (iso && /^\d{4}-\d\d-\d\d$/.test(iso)) return iso;
  const at = iso ? parts(iso) : null;
  return at ? `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}` : "";
}

export function moment(iso: string | null): string {
  const at = iso ? parts(iso) : null;
  return at ? `${day(iso)} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}` : "";
}

/** ¥ and two digits, as on a receipt; Android's engine groups no thousands by itself. */
export function yuan(fen: number): string {
  const whole = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `¥${whole}${fen % 100 ? `.${two(fen % 100)}` : ""}`;
}
