import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { canonical, cleanLine, cleanPayload, cleanText, digestOf, sheetOf, type Sheet } from "../src";
import { ITEMS, makeVisit } from "./sample";

type Vector = { sheet: Sheet; canonical: string; digest: string };
const vectors = JSON.parse(readFileSync(new URL("../../../tests/contracts/record_sheet.json", import.meta.url), "utf8")) as Vector[];

describe("the canonical sheet", () => {
  it.each(vectors.map((vector) => [vector.sheet.number, vector] as const))("has the bytes and digest the server gives %s", async (_, vector) => {
    expect(canonical(vector.sheet)).toBe(vector.canonical);
    expect(await digestOf(vector.sheet)).toBe(vector.digest);
  });

  it("does not depend on the order in which keys were made", () => {
    const [first] = vectors;
    const turned = Object.fromEntries(Object.entries(first!.sheet).reverse());
    expect(canonical(turned)).toBe(first!.canonical);
  });

  it("refuses numbers that two languages write differently", () => {
    expect(() => canonical({ people: 1.5 })).toThrow();
    expect(() => canonical({ people: NaN })).toThrow();
  });

  it("is built from what is shown, whatever the order of answering, without what was withdrawn", async () => {
    const visit = makeVisit();
    const answers = { [ITEMS[1]!]: { value: "no" as const, remark: " 东侧 ", files: [] }, [ITEMS[0]!]: { value: "yes" as const, remark: "", files: [] } };
    const findings = [
      { id: "b", place: "库", category: "fire", description: "乙", major: false },
      { id: "a", place: "门", category: "fire", description: "甲", major: true, clause: "c" },
      { id: "c", place: "窗", category: "fire", description: "丙", major: false, withdrawn: "看错了" },
    ];
    const record = { summary: "记\r\n录 \n", met_name: "周" };
    const sheet = sheetOf(visit, { answers, findings, on_site: [] }, record);
    expect(sheet.answers).toEqual([[ITEMS[0], "yes", ""], [ITEMS[1], "no", "东侧"]]);
    expect(sheet.findings).toEqual([["a", "门", "甲", "c", true], ["b", "库", "乙", null, false]]);
    expect(sheet.officers).toEqual([["白晓岚", "晋-2202"], ["韩立新", "晋-2201"]]);
    expect(sheet.summary).toBe("记\n录");
    expect(sheet.met).toEqual(["周", "", ""]);
    const changed = { ...record, met_name: "周某" };
    expect(await digestOf(sheet)).not.toBe(await digestOf(sheetOf(visit, { answers, findings, on_site: [] }, changed)));
  });
});

describe("typed words", () => {
  it("become what the server makes of them", () => {
    expect(cleanLine("　一号　库\n 北门 ")).toBe("一号 库 北门");
    expect(cleanText("  甲 \r\n乙\u2028丙\u0000 \n\n")).toBe("甲\n乙\n丙");
    expect(cleanText("e\u0301")).toBe("é");
    expect(cleanText("好\ud800坏")).toBe("好坏");
  });

  it("are cleaned all through a payload: prose keeps its lines, a place does not", () => {
    expect(cleanPayload({ place: "a \n b", description: "a \n b ", people: 3, list: [{ name: " 周  " }], none: null })).toEqual({
      place: "a b",
      description: "a\n b",
      people: 3,
      list: [{ name: "周" }],
      none: null,
    });
  });
});
