// The server's time is authoritative; we only measure how far off this phone is, to tell its owner.

/** Milliseconds to add to this phone's clock. The answer was written about half the way through the round trip. */
export function offsetOf(sentAt: number, gotAt: number, receivedAt: string): number {
  const server = Date.parse(receivedAt);
  return Number.isNaN(server) ? 0 : Math.round(server - (sentAt + gotAt) / 2);
}

/** Beyond this a person is told that the phone's clock is wrong. */
export const WRONG_BY_MS = 5 * 60_000;
