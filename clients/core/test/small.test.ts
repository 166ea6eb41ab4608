import { describe, expect, it } from "vitest";
import { exifOf, makeExif, newId, offsetOf, searchClauses, upright, withExif, type Clause } from "../src";

describe("ids", () => {
  it("are UUIDs of version 7 that sort by their making, even within a millisecond and with the clock set back", () => {
    const ids = [...Array.from({ length: 5000 }, () => newId(1_800_000_000_000)), newId(1_700_000_000_000), newId(1_800_000_001_000)];
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
  });
});

describe("the clock", () => {
  it("is measured against the middle of the round trip", () => {
    expect(offsetOf(1_000, 3_000, new Date(62_000).toISOString())).toBe(60_000);
    expect(offsetOf(1_000, 3_000, "nonsense")).toBe(0);
  });
});

describe("EXIF", () => {
  const bare = new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 0xff, 0xd9]);

  it("is written with time and place, and found again", () => {
    const segment = makeExif({ at: new Date(2026, 10, 22, 9, 5, 7), lon: 111.516667, lat: -36.088333 });
    const photo = withExif(bare, segment);
    expect(exifOf(photo)).toEqual(segment);
    const text = String.fromCharCode(...segment);
    expect(text).toContain("2026:11:22 09:05:07");
    expect(text).toContain("WGS-84");
    expect(exifOf(bare)).toBeNull();
  });

  it("of the camera is kept, and turned upright because the pixels have been", () => {
    const tiff = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
    const segment = new Uint8Array([0xff, 0xe1, 0, 8 + tiff.length, 0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff]);
    const turned = upright(exifOf(withExif(bare, segment))!);
    expect(turned[10 + 18]).toBe(1);
    expect(segment[10 + 18]).toBe(6);
  });

  it("that is cut or lies does not trip us", () => {
    expect(exifOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]))).toBeNull();
    const lying = new Uint8Array([0xff, 0xe1, 0, 16, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0xff, 0xff, 0xff, 0xff]);
    expect(upright(lying)).toEqual(lying);
  });
});

describe("clauses", () => {
  const clause = (number: string, text: string, keywords: string[], industries: string[] = []): Clause => ({
    id: number,
    criteria: "x",
    criteria_name: "工贸企业重大事故隐患判定标准",
    number,
    text,
    keywords,
    industries,
    evidence: "K",
  });
  const clauses = [clause("第1条", "安全出口被锁闭或者堵塞", ["疏散"], ["c33"]), clause("第2条", "未对有限空间进行辨识", ["有限空间"]), clause("第3条", "粉尘清理不符合要求", ["粉尘"], ["c20"])];
  const numbers = (query: string, options = {}): string[] => searchClauses(clauses, query, options).map((one) => one.clause.number);

  it("are found by word, by keyword, by words in another order, and by number", () => {
    expect(numbers("疏散")).toEqual(["第1条"]);
    expect(numbers("堵塞安全出口")).toEqual(["第1条"]);
    expect(numbers("空间 辨识")).toEqual(["第2条"]);
    expect(numbers("第3条")).toEqual(["第3条"]);
    expect(numbers("量子")).toEqual([]);
  });

  it("need every word, and can be kept to an industry; those of no industry are for all", () => {
    expect(numbers("粉尘 堵塞")).toEqual([]);
    expect(numbers("", { industry: "c331" })).toEqual(["第1条", "第2条"]);
  });
});
