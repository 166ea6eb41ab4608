// A little work instead of a picture puzzle: a number whose SHA-256 behind the salt begins with so many zero bits. Honest people wait a
// second, a flood pays for every drop.
import { utf8 } from "./bytes";
import { Sha256 } from "./sha256";

export function zeroBits(hash: Uint32Array): number {
  let count = 0;
  for (const word of hash) {
    if (word) return count + Math.clz32(word);
    count += 32;
  }
  return count;
}

/** With how many zero bits `salt:number` hashed begins, for one number after the other. */
export function trial(salt: string): (number: number) => number {
  const sum = new Sha256();
  const head = utf8(`${salt}:`);
  return (number) => zeroBits(sum.reset().update(head).update(utf8(String(number))).finish());
}

/** The smallest number that will do: `salt:number` hashed has `bits` zero bits in front. */
export function solve(salt: string, bits: number, from = 0, most = Number.MAX_SAFE_INTEGER): number | null {
  const bitsOf = trial(salt);
  for (let number = from; number < most; number++) if (bitsOf(number) >= bits) return number;
  return null;
}
