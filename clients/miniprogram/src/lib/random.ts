// Ids need bytes at once, WeChat gives random ones later: a pool is kept full.
import { newId } from "@anlan/core/ids";

const POOL = 512;
let pool = new Uint8Array(0);

export function fillPool(): void {
  wx.getRandomValues?.({ length: POOL, success: ({ randomValues }) => (pool = new Uint8Array(randomValues)) });
}

/** Until the first ones came Math.random does: an id must be unlike others, not secret. */
function fill(bytes: Uint8Array): Uint8Array {
  if (pool.length < bytes.length) {
    fillPool();
    return bytes.map(() => Math.floor(Math.random() * 256));
  }
  bytes.set(pool.subarray(0, bytes.length));
  pool = pool.slice(bytes.length);
  return bytes;
}

export const freshId = (now: number = Date.now()): string => newId(now, fill);
