// SHA-256 (FIPS 180-4) by plain arithmetic and in pieces: for WeChat's engine, which has no crypto.subtle, for files too large to hold at once,
// and for the proof of work (`proof.ts`), where the browser's own, which answers one call at a time, is a hundred times slower.
const K = new Uint32Array(64);
const START = new Uint32Array(8);

// The constants are the first 32 bits of the fractional parts of roots of the first primes: made rather than typed.
for (let prime = 2, found = 0; found < 64; prime++) {
  let whole = true;
  for (let divisor = 2; divisor * divisor <= prime; divisor++) if (prime % divisor === 0) whole = false;
  if (!whole) continue;
  const fraction = (root: number): number => ((root - Math.floor(root)) * 0x100000000) >>> 0;
  if (found < 8) START[found] = fraction(Math.sqrt(prime));
  K[found++] = fraction(Math.cbrt(prime));
}

export class Sha256 {
  private readonly state = new Uint32Array(START);
  private readonly words = new Uint32Array(64);
  private readonly block = new Uint8Array(64);
  private filled = 0;
  private length = 0;

  /** As new: a sum that is used again and again costs no memory. */
  reset(): this {
    this.state.set(START);
    this.filled = this.length = 0;
    return this;
  }

  update(data: Uint8Array): this {
    this.length += data.length;
    let at = 0;
    while (at < data.length) {
      const taken = Math.min(64 - this.filled, data.length - at);
      this.block.set(data.subarray(at, at + taken), this.filled);
      this.filled += taken;
      at += taken;
      if (this.filled === 64) {
        this.compress();
        this.filled = 0;
      }
    }
    return this;
  }

  /** Ends it, as eight words; nothing may be added after, and they hold until it is reset. */
  finish(): Uint32Array {
    const bits = this.length * 8;
    const rest = new Uint8Array(((this.filled < 56 ? 56 : 120) - this.filled) + 8);
    rest[0] = 0x80;
    const view = new DataView(rest.buffer);
    view.setUint32(rest.length - 8, Math.floor(bits / 0x100000000));
    view.setUint32(rest.length - 4, bits >>> 0);
    this.update(rest);
    return this.state;
  }

  /** Ends it, as 32 bytes. */
  digest(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(32);
    const written = new DataView(out.buffer);
    this.finish().forEach((word, at) => written.setUint32(at * 4, word));
    return out;
  }

  private compress(): void {
    const { words: w, block, state } = this;
    for (let at = 0; at < 16; at++) w[at] = (block[at * 4]! << 24) | (block[at * 4 + 1]! << 16) | (block[at * 4 + 2]! << 8) | block[at * 4 + 3]!;
    for (let at = 16; at < 64; at++) {
      const x = w[at - 15]!;
      const y = w[at - 2]!;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[at] = (w[at - 16]! + s0 + w[at - 7]! + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let at = 0; at < 64; at++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + K[at]! + w[at]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => (state[at] = (state[at]! + word) | 0));
  }
}

export const sha256 = (data: Uint8Array): Uint8Array<ArrayBuffer> => new Sha256().update(data).digest();
