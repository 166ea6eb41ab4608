// The little work a guest's account costs, done in slices: the mini-program has one thread for it and the screen.
import type { Proof } from "@anlan/core/citizen";
import { trial } from "@anlan/core/proof";

const SLICE_MS = 25;

export async function work({ salt, bits }: Proof): Promise<string> {
  const bitsOf = trial(salt);
  let number = 0;
  for (;;) {
    const until = Date.now() + SLICE_MS;
    for (; Date.now() < until; number++) if (bitsOf(number) >= bits) return `${salt}:${number}`;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
