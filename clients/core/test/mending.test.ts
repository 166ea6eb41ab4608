// After the server's no: every act can be put right or given up knowingly, and what was signed on the strength of it falls with it.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  allCommands, Api, cachedDay, digestOf, Engine, enqueue, falling, firstDay, giveUp, keepPhoto, mend, newId, project, sheetOf, STUCK, VOID,
  type Command, type CommandKind, type Database, type View,
} from "../src";
import { ContractServer } from "./contract-server.mjs";
import { ITEMS, makeDay, PERSON, VISIT } from "./sample";

let server: ContractServer;
let database: Database;
let engine: Engine;

const act = (kind: CommandKind, payload: Record<string, unknown>, photos: string[] = []): Promise<Command> => enqueue(database, { kind, subject: VISIT, payload, photos, seen: 4 });
const photo = (bytes: string, kind: "photo" | "signature" = "photo"): Promise<string> =>
  keepPhoto(database, { blob: new Blob([bytes]), thumb: null, name: "a.jpg", kind, taken_at: new Date(), lon: null, lat: null });
const view = async (): Promise<View> => project((await cachedDay(database))!.visits[0]!, await allCommands(database));
const states = async (): Promise<Record<string, string>> => Object.fromEntries((await allCommands(database)).map((one) => [one.kind.split(".")[1] + " " + one.seq, one.state]));
const stuck = async (): Promise<Command> => (await allCommands(database)).find((one) => STUCK.has(one.state))!;
const WORDS = { summary: "查看车间", met_name: "周明川", left_at: "2026-11-22T03:05:00.000Z" };

async function record(): Promise<string> {
  const digest = await digestOf(sheetOf(await view(), WORDS));
  await act("visit.record", { ...WORDS, digest });
  return digest;
}
async function sign(digest: string, name = "韩立新", party = "officer"): Promise<Command> {
  return act("visit.sign", { party, name, digest, refused: false }, [await photo(`drawn by ${name} ${Math.random()}`, "signature")]);
}
/** As the phone's screen does it: what falls is given up by that one word, the act itself goes again. */
async function put(command: Command, how: Parameters<typeof mend>[2]): Promise<number> {
  const fallen = falling(await allCommands(database), command);
  for (const one of fallen) await giveUp(database, one.id, "dropped", new Date(), VOID);
  await mend(database, command.id, how);
  return fallen.length;
}

beforeEach(async () => {
  indexedDB = new IDBFactory();
  server = new ContractServer(makeDay());
  const api = new Api({ base: await server.listen(), patience_ms: 2_000 });
  ({ database } = await firstDay(api));
  engine = new Engine(database, api, PERSON);
  await act("visit.arrive", { arrived_at: new Date().toISOString() });
});
afterEach(async () => {
  database.close();
  await server.close();
});

describe("after a rejection", () => {
  it("a mended measure takes the record and its signatures down, and the visit arrives with new ones", async () => {
    await act("visit.on_site", { id: newId(), kind: "stop_use", words: "停用", finding: newId() });
    const digest = await record();
    await sign(digest);
    await sign(digest, "周明川", "enterprise");
    await engine.run();
    expect(await states()).toEqual({ "arrive 1": "settled", "on_site 2": "rejected", "record 3": "queued", "sign 4": "queued", "sign 5": "queued" });
    const bad = await stuck();
    const { finding: _gone, ...payload } = bad.payload;
    expect(await put(bad, { payload })).toBe(3);
    expect((await allCommands(database)).slice(2).map((one) => [one.state, one.code])).toEqual(Array(3).fill(["dropped", VOID]));
    await sign(await record());
    expect(await engine.run()).toBe("done");
    expect(server.effects.map(([, kind]) => kind)).toEqual(["visit.arrive", "visit.on_site", "visit.record", "visit.sign"]);
    expect([server.visit(VISIT).state, server.visit(VISIT).on_site.length]).toEqual(["recorded", 1]);
  });

  it("a mended answer keeps its place before what waits behind it", async () => {
    await act("visit.answer", { item: ITEMS[0], value: "no", remark: "长".repeat(501) });
    await act("visit.answer", { item: ITEMS[1], value: "yes" });
    await engine.run();
    expect(Object.values(await states())).toEqual(["settled", "rejected", "held"]);
    expect(await put(await stuck(), { payload: { item: ITEMS[0], value: "no", remark: "短" } })).toBe(0);
    expect(await engine.run()).toBe("done");
    expect(server.visit(VISIT).answers[ITEMS[0]!]?.remark).toBe("短");
  });

  it("a refused signature is given again under its own number; the record stands", async () => {
    const digest = await record();
    await sign(digest, "没有此人");
    await sign(digest, "周明川", "enterprise");
    await engine.run();
    expect(Object.values(await states())).toEqual(["settled", "settled", "rejected", "held"]);
    const bad = await stuck();
    const again = new Date(Date.now() + 60_000);
    expect(await put(bad, { payload: { ...bad.payload, name: "白晓岚" }, photos: [await photo("anew", "signature")], at: again })).toBe(0);
    expect(((await allCommands(database)).find((one) => one.id === bad.id))!.at).toBe(again.toISOString());
    expect(await engine.run()).toBe("done");
    expect(server.visit(VISIT).signatures.map((one) => one.name)).toEqual(["白晓岚", "周明川"]);
  });

  it("a photo the server will not take is replaced, and what was signed with it falls", async () => {
    await act("visit.finding", { id: newId(), place: "库", description: "门堵住了", category: "fire", major: false }, [await photo("no photo")]);
    await sign(await record());
    server.refusePhoto = (upload) => upload.bytes.toString() === "no photo";
    await engine.run();
    expect(Object.values(await states())).toEqual(["settled", "rejected", "queued", "queued"]);
    expect(await put(await stuck(), { photos: [await photo("a photo")] })).toBe(2);
    await sign(await record());
    expect(await engine.run()).toBe("done");
    expect([server.visit(VISIT).findings.length, server.visit(VISIT).signatures.length]).toEqual([1, 1]);
  });

  it("the record that another photo was signed for is refused: what arrived is not what was signed", async () => {
    await act("visit.finding", { id: newId(), place: "库", description: "门堵住了", category: "fire", major: false }, [await photo("one")]);
    const sheet = sheetOf(await view(), WORDS);
    sheet.findings[0]!.photos = [await photo("other")];
    await act("visit.record", { ...WORDS, digest: await digestOf(sheet) });
    await engine.run();
    expect(await states()).toEqual({ "arrive 1": "settled", "finding 2": "settled", "record 3": "conflict" });
  });
});

describe("what falls", () => {
  it("is the record and all that was signed, not the facts between, and nothing for what is not on the sheet", async () => {
    const fact = await act("visit.answer", { item: ITEMS[0], value: "yes" });
    const digest = await record();
    const signature = await sign(digest);
    const reopened = await act("visit.reopen", { reason: "漏记一处" });
    await act("visit.answer", { item: ITEMS[1], value: "yes" });
    await sign(await record());
    const all = await allCommands(database);
    const kinds = (command: Command): string[] => falling(all, command).map((one) => one.kind);
    const whole = ["visit.record", "visit.sign", "visit.reopen", "visit.record", "visit.sign"];
    expect(kinds(fact)).toEqual(whole);
    expect(kinds(all[0]!)).toEqual(whole);
    expect(kinds(all[2]!)).toEqual(whole.slice(1)); // the record itself is not its own consequence
    expect([kinds(signature), kinds(reopened)]).toEqual([[], []]);
  });

  it("is told in the outbox as what fell, not as what somebody gave up", async () => {
    const digest = await record();
    const signature = await sign(digest);
    await giveUp(database, signature.id, "dropped", new Date(), VOID);
    const kept = (await allCommands(database)).at(-1)!;
    expect([kept.state, kept.code, kept.photos.length]).toEqual(["dropped", VOID, 1]);
  });
});
