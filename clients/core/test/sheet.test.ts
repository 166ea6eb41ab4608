import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { canonical, cleanLine, cleanPayload, cleanText, digestOf, project, readable, sheetOf, type AnySheet, type Command, type CommandKind, type FirstSheet, type Sheet } from "../src";
import { ITEMS, makeVisit, VISIT } from "./sample";

type Vector = { sheet: AnySheet; canonical: string; digest: string };
const vectors = JSON.parse(readFileSync(new URL("../../../tests/contracts/record_sheet.json", import.meta.url), "utf8")) as Vector[];

const act = (kind: CommandKind, payload: Record<string, unknown>, photos: string[] = []): Command =>
  ({ id: `${kind}-${JSON.stringify(payload)}`, kind, subject: VISIT, payload, photos, state: "queued", at: "2026-11-22T01:29:00Z", record: {} }) as unknown as Command;

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
    const visit = { ...makeVisit(), basis: " 临安委〔2026〕9号 " };
    const commands = [
      act("visit.arrive", { arrived_at: "2026-11-22T01:30:59.900Z" }),
      act("visit.answer", { item: ITEMS[1], value: "no", remark: " 东侧 " }, ["bb"]),
      act("visit.answer", { item: ITEMS[0], value: "yes" }),
      act("visit.finding", { id: "b", place: "库", category: "fire", description: "乙", major: false }, ["dd", "cc", "dd"]),
      act("visit.finding", { id: "a", place: "门", category: "gas", description: "甲", major: true, clause: "c", item: ITEMS[1], risk_point: "p" }, ["ee"]),
      act("visit.finding", { id: "c", place: "窗", category: "fire", description: "丙", major: false }, ["ff"]),
      act("visit.withdraw_finding", { finding: "c", reason: "看错了" }),
      act("visit.on_site", { id: "m", kind: "stop_use", words: "停用", until: "2026-12-01", finding: "a" }),
    ];
    const view = project(visit, commands);
    const record = { summary: "记\r\n录 \n", met_name: "周", left_at: "2026-11-22T03:05:00.001Z" };
    const sheet = sheetOf(view, record);
    expect(sheet.answers).toEqual([
      { item: ITEMS[0], photos: [], remark: "", value: "yes" },
      { item: ITEMS[1], photos: ["bb"], remark: "东侧", value: "no" },
    ]);
    expect(sheet.findings).toEqual([
      { category: "gas", clause: "c", description: "甲", id: "a", item: ITEMS[1], major: true, photos: ["ee"], place: "门", risk_point: "p" },
      { category: "fire", clause: null, description: "乙", id: "b", item: null, major: false, photos: ["cc", "dd"], place: "库", risk_point: null },
    ]);
    expect(sheet.on_site).toEqual([{ finding: "a", id: "m", kind: "stop_use", people: null, until: "2026-12-01", words: "停用" }]);
    expect(sheet.officers).toEqual([["白晓岚", "晋-2202"], ["韩立新", "晋-2201"]]);
    expect([sheet.arrived, sheet.left, sheet.basis]).toEqual(["2026-11-22T01:30Z", "2026-11-22T03:05Z", "临安委〔2026〕9号"]);
    expect([sheet.kind, sheet.check, sheet.style, sheet.form]).toEqual(["administrative", "county", "unannounced", 2]);
    expect([sheet.summary, sheet.met]).toEqual(["记\n录", ["周", "", ""]]);
    for (const changed of [{ ...record, met_name: "周某" }, { ...record, left_at: "2026-11-22T03:06:00Z" }])
      expect(await digestOf(sheet)).not.toBe(await digestOf(sheetOf(view, changed)));
  });

  it("names photos that are on the server as those that have not left the phone", () => {
    const visit = makeVisit();
    visit.photos = { "file-1": "aa", "file-2": "cc" };
    visit.answers = { [ITEMS[0]!]: { value: "no", remark: "", files: ["file-1"] } };
    visit.findings = [{ id: "f", place: "门", category: "fire", description: "甲", major: false, files: ["file-2", "file-1"] }];
    const record = { summary: "好", met_name: "周", left_at: "2026-11-22T03:05:00Z" };
    const there = sheetOf(project(visit, []), record);
    expect([there.answers[0]!.photos, there.findings[0]!.photos]).toEqual([["aa"], ["aa", "cc"]]);
    const more = sheetOf(project(visit, [act("visit.answer", { item: ITEMS[0], value: "yes" }, ["bb"])]), record);
    expect(more.answers[0]!.photos).toEqual(["aa", "bb"]); // the server only ever adds
  });

  it("has the arrival as the server noted it, once it has", () => {
    const arrival = act("visit.arrive", { arrived_at: "2026-11-22T01:30:00Z" });
    expect(project(makeVisit(), [arrival]).arrived_at).toBe("2026-11-22T01:30:00Z");
    expect(project(makeVisit(), [{ ...arrival, record: { arrived_at: "2026-11-22T01:41:00Z" } }]).arrived_at).toBe("2026-11-22T01:41:00Z");
    expect(project(makeVisit(), [{ ...arrival, payload: {} }]).arrived_at).toBe(arrival.at); // an app before the second form
    expect(project({ ...makeVisit(), arrived_at: "2026-11-22T01:50:00Z" }, []).arrived_at).toBe("2026-11-22T01:50:00Z");
  });

  it("is read in its first form too, with nothing added to what was signed", () => {
    const first = vectors.find((one) => !("form" in one.sheet) && one.sheet.findings.length > 0)!.sheet as FirstSheet;
    const read = readable(first);
    expect(read.findings[0]).toEqual({ category: "", clause: first.findings[0]![3], description: first.findings[0]![2], id: first.findings[0]![0], item: null, major: first.findings[0]![4], photos: [], place: first.findings[0]![1], risk_point: null });
    expect([read.arrived, read.left, read.kind, read.style, read.met]).toEqual(["", "", "", "", first.met]);
    const second = vectors.find((one) => "form" in one.sheet)!.sheet as Sheet;
    expect(readable(second)).toBe(second);
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
