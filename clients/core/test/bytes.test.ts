import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { base64Of, cleanText, hexOf, Sha256, sha256, utf8 } from "../src";

const random = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7 + (at >> 3)) % 256);

describe("what WeChat's engine does not bring", () => {
  it("hashes as everybody does, whatever the pieces", () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70_000]) {
      const bytes = random(length, length);
      const truth = createHash("sha256").update(bytes).digest("hex");
      expect(hexOf(sha256(bytes)), `${length}`).toBe(truth);
      const sum = new Sha256();
      for (let at = 0; at < length; at += 37) sum.update(bytes.subarray(at, at + 37));
      expect(hexOf(sum.digest()), `${length} in pieces`).toBe(truth);
    }
  });

  it("writes text and bytes as everybody does", () => {
    for (const text of ["", "a", "隐患", "é\u0000\u07ff", "😀 fire", "\ud800 alone"]) expect([...utf8(text)]).toEqual([...new TextEncoder().encode(text)]);
    for (let length = 0; length < 9; length++) expect(base64Of(random(length, 3))).toBe(Buffer.from(random(length, 3)).toString("base64"));
  });

  it("leaves half of a pair out and the whole pair in, without a look-behind", () => {
    expect(cleanText("a\ud83db\ude00c😀")).toBe("abc😀");
  });
});
