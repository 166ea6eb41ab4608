import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CitizenApi, claimCode, isClaimCode, mobile, Sha256, solve, stopOf, urgentIn, URGENT_WORDS, Wait, yuan, zeroBits, type Asker, type Send } from "../src";

describe("the proof of work", () => {
  it("hashes as everybody does, over every length of the last block, with one sum used again", () => {
    const sum = new Sha256();
    for (const length of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + length) % 256);
      const hex = Array.from(sum.reset().update(bytes).finish(), (word) => word.toString(16).padStart(8, "0")).join("");
      expect(hex, String(length)).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
  });

  it("finds the first number that will do", () => {
    const salt = "1795000000.14.9f2c41d07a3be655.0b5e";
    const found = solve(salt, 10)!;
    const bits = (nonce: number): number => 256 - BigInt(`0x${createHash("sha256").update(`${salt}:${nonce}`).digest("hex")}`).toString(2).length;
    expect(bits(found)).toBeGreaterThanOrEqual(10);
    for (let nonce = 0; nonce < found; nonce++) expect(bits(nonce)).toBeLessThan(10);
    expect(solve(salt, 200, 0, 50)).toBeNull();
  });

  it("counts zero bits", () => {
    expect(zeroBits(Uint32Array.of(0x80000000, 0))).toBe(0);
    expect(zeroBits(Uint32Array.of(0, 0x00ffffff))).toBe(40);
    expect(zeroBits(Uint32Array.of(0, 0))).toBe(64);
  });
});

describe("a flooded door", () => {
  const asker = (answers: { status: number; code?: string; body?: unknown; after?: string }[]): { asker: Asker; asked: [string, Send | undefined][] } => {
    const asked: [string, Send | undefined][] = [];
    return {
      asked,
      asker: {
        call: async (path, call) => {
          asked.push([path, call]);
          const one = path.endsWith("/settings") ? { status: 200, body: { proof: { salt: "s", bits: 4 } } } : answers.shift()!;
          return { status: one.status, headers: { get: (name) => (name === "Retry-After" ? ((one as { after?: string }).after ?? null) : null) }, body: (one.body ?? { code: (one as { code?: string }).code, detail: "等等" }) as never };
        },
      },
    };
  };
  const prove = ({ salt, bits }: { salt: string; bits: number }): Promise<string> => Promise.resolve(`${salt}:${solve(salt, bits)}`);

  it("is opened by one proof, of a fresh riddle", async () => {
    const { asker: server, asked } = asker([{ status: 429, code: "rate.proof_needed", after: "1" }, { status: 202, body: { wait_seconds: 60, valid_seconds: 300 } }]);
    const api = new CitizenApi(server, { prove, device: () => "d" });
    expect(await api.code("13800001234")).toEqual({ wait_seconds: 60, valid_seconds: 300 });
    expect(asked.map(([path]) => path.split("/").at(-1))).toEqual(["codes", "settings", "codes"]);
    expect(asked[2]?.[1]?.headers).toEqual({ "X-Device": "d", "X-Proof": `s:${solve("s", 4)}` });
  });

  it("says how long to wait when even that does not help", async () => {
    const refused = { status: 429, code: "rate.proof_needed", after: "30" };
    const { asker: server } = asker([refused, refused]);
    const error = await new CitizenApi(server, { prove }).code("13800001234").catch((one: unknown) => one);
    expect(error).toBeInstanceOf(Wait);
    expect((error as Wait).seconds).toBe(30);
  });
});

describe("what people type", () => {
  it("is a claim code however it was read aloud", () => {
    expect(claimCode(" abcd efgh-jkmn ")).toBe("ABCD-EFGH-JKMN");
    expect(claimCode("oIl0 ｏ１２３ 4567")).toBe("0110-0123-4567");
    expect(isClaimCode("ABCD-EFGH-JKM")).toBe(false);
    expect(isClaimCode("abcdefghjkmn")).toBe(true);
  });

  it("is a phone number with spaces, wide digits or the country's prefix, and else none", () => {
    expect(mobile("138 0000 1234")).toBe("13800001234");
    expect(mobile("＋86 １３８００００１２３４")).toBe("13800001234");
    expect(["12345678901", "1380000123", "", "021-5555555"].map(mobile)).toEqual(["", "", "", ""]);
  });

  it("is urgent when it says so, through spaces and wide letters", () => {
    expect(urgentIn("厨房 有 燃，气 味")).toEqual({ word: "燃气味", numbers: ["119", "110"] });
    expect(urgentIn("Somebody is ＴＲＡＰＰＥＤ inside")?.word).toBe("trapped");
    expect(urgentIn("安全出口被堵")).toBeNull();
    expect(urgentIn("", URGENT_WORDS)).toBeNull();
    const own = [{ words: ["水管~爆"], harmless: ["水管爆米花"], numbers: ["110"] }]; // the city's own words
    expect(urgentIn("水管突然就爆了", own)?.word).toBe("水管…爆");
    expect(urgentIn("水管一二三四五六七八九爆了", own)).toBeNull(); // too far
    expect(urgentIn("水管爆米花", own)).toBeNull();
    expect(urgentIn("邻居被困扰", URGENT_WORDS)).toBeNull();
  });

  it("is money as on a receipt", () => {
    expect([30_000, 50, 123_456_789].map(yuan)).toEqual(["¥300", "¥0.50", "¥1,234,567.89"]);
  });
});

it("knows how far a report is", () => {
  expect((["submitted", "screened", "returned", "dispatched", "verified", "handled", "reviewed", "answered"] as const).map(stopOf)).toEqual([0, 0, 0, 1, 2, 3, 3, 4]);
});
