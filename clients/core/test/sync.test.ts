import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Api, allCommands, cachedDay, change, Engine, enqueue, firstDay, giveUp, keepPhoto, mend, newId, openFor, project, type Command, type Database, type Day } from "../src";
import { ContractServer } from "./contract-server.mjs";
import { HAZARD, ITEMS, makeDay, makeHazard, makeVisit, PERSON, VISIT } from "./sample";

let server: ContractServer;
let api: Api;
let database: Database;
let engine: Engine;

const photo = (bytes: string): Promise<string> =>
  keepPhoto(database, { blob: new Blob([bytes], { type: "image/jpeg" }), thumb: null, name: "a.jpg", kind: "photo", taken_at: new Date(), lon: null, lat: null });
const answer = (item: string, value = "yes"): Promise<Command> => enqueue(database, { kind: "visit.answer", subject: VISIT, payload: { item, value } });
const arrive = (): Promise<Command> => enqueue(database, { kind: "visit.arrive", subject: VISIT, payload: { arrived_at: new Date().toISOString() }, seen: 4 });
const states = async (): Promise<string[]> => (await allCommands(database)).map((one) => one.state);

beforeEach(async () => {
  indexedDB = new IDBFactory();
  server = new ContractServer(makeDay());
  api = new Api({ base: await server.listen(), patience_ms: 2_000 });
  ({ database } = await firstDay(api));
  engine = new Engine(database, api, PERSON, { chunk: 64 });
});

afterEach(async () => {
  database.close();
  await server.close();
});

describe("a run", () => {
  it("sends what was done in order, and settles it when the day shows it", async () => {
    await arrive();
    await answer(ITEMS[0]!);
    expect(await engine.run()).toBe("done");
    expect(await states()).toEqual(["settled", "settled"]);
    expect(server.visit(VISIT).state).toBe("under_way");
    expect((await cachedDay(database))?.visits[0]?.answers[ITEMS[0]!]?.value).toBe("yes");
  });

  it("lets a transition stand on the version that this phone's own facts have made", async () => {
    await arrive();
    await answer(ITEMS[0]!);
    await answer(ITEMS[1]!);
    const view = project(makeVisit(), await allCommands(database));
    expect(view.state).toBe("under_way");
    const { digestOf, sheetOf } = await import("../src");
    const record = { summary: "一切正常", met_name: "周明川", left_at: new Date().toISOString() };
    const digest = await digestOf(sheetOf(view, record));
    await enqueue(database, { kind: "visit.record", subject: VISIT, payload: { ...record, digest }, seen: view.version });
    expect(await engine.run()).toBe("done");
    expect(server.visit(VISIT).state).toBe("recorded");
    expect(server.calls.filter(([, url]) => url === "/api/v1/sync")).toHaveLength(3);
  });

  it("brings photos first, in pieces, and asks before whether they are known", async () => {
    const hash = await photo("x".repeat(1000));
    await arrive();
    await enqueue(database, { kind: "visit.finding", subject: VISIT, payload: { id: newId(), place: "库", description: "门", category: "fire", major: false }, photos: [hash] });
    await engine.run();
    expect(server.files.get(hash)?.length).toBe(1000);
    const order = server.calls.map(([method, url]) => `${method} ${url.split("/").slice(3, 5).join("/")}`);
    expect(order.indexOf("PATCH uploads/" + [...server.uploads.keys()][0])).toBeLessThan(order.indexOf("POST sync"));
    expect((await database.get("photos", hash))?.blob).toBeNull();
  });

  it("holds back what belongs to a record whose photo is not there, and nothing else", async () => {
    const other = makeVisit("01930000-0000-7000-8000-00000000a002");
    server.day.visits.push(other);
    const hash = await photo("never");
    await arrive();
    await enqueue(database, { kind: "visit.answer", subject: VISIT, payload: { item: ITEMS[0], value: "no" }, photos: [hash] });
    await answer(ITEMS[1]!);
    await enqueue(database, { kind: "visit.arrive", subject: other.id, payload: {}, seen: 4 });
    server.fault = (request) => (request.method === "PATCH" ? "lost" : null);
    expect(await engine.run()).toBe("offline");
    server.refusePhoto = () => true;
    server.fault = () => null;
    expect(await engine.run()).toBe("done");
    expect(await states()).toEqual(["settled", "rejected", "queued", "settled"]);
    const refused = (await allCommands(database))[1]!;
    expect(refused.errors).toEqual([{ field: "photos", message: "这不是照片" }]);
    await mend(database, refused.id, { photos: [] });
    expect(await engine.run()).toBe("done");
    expect(new Set(await states())).toEqual(new Set(["settled"]));
  });
});

describe("a photo", () => {
  it.each([
    [412, "upload.version", "trouble"],
    [422, "file.busy", "offline"],
    [429, "upload.too_many", "offline"],
    [423, "upload.locked", "offline"],
  ])("is not given up for what is not its fault: %i %s", async (status, code, outcome) => {
    const hash = await photo("abc");
    await arrive();
    await enqueue(database, { kind: "visit.answer", subject: VISIT, payload: { item: ITEMS[0], value: "no" }, photos: [hash] });
    server.refuseUpload = { status, code };
    expect(await engine.run()).toBe(outcome);
    expect(await states()).toEqual([outcome === "offline" ? "queued" : "settled", "queued"]);
    server.refuseUpload = null;
    expect(await engine.run()).toBe("done");
    expect(await states()).toEqual(["settled", "settled"]);
  });
});

describe("sign-in", () => {
  it("that has ended stops the run and loses nothing", async () => {
    await arrive();
    server.signedIn = false;
    expect(await engine.run()).toBe("sign_in");
    expect(await states()).toEqual(["queued"]);
    server.signedIn = true;
    server.token = "token-2"; // a new session has a new token
    expect(await engine.run()).toBe("done");
    expect(server.effects).toHaveLength(1);
  });

  it("of somebody else sends nothing in their name", async () => {
    await arrive();
    server.person = "01930000-0000-7000-8000-00000000ffff";
    expect(await engine.run()).toBe("other_person");
    expect(server.effects).toEqual([]);
  });
});

describe("what does not go through", () => {
  it("is a conflict when the record moved on, stops what follows, and goes on the new version when the person keeps it", async () => {
    server.visit(VISIT).version = 9;
    const first = await arrive();
    await answer(ITEMS[0]!);
    await engine.run();
    // The day was read before: the arrival was decided on version 4.
    expect(await states()).toEqual(["conflict", "queued"]);
    const stuck = (await allCommands(database))[0]!;
    expect([stuck.version, stuck.detail]).toEqual([9, "记录已有变动"]);
    await mend(database, first.id);
    expect(await engine.run()).toBe("done");
    expect(await states()).toEqual(["settled", "settled"]);
    expect(server.effects.map(([id]) => id)[0]).toBe(first.id);
  });

  it("is never dropped but by the person, and then stays to be read", async () => {
    server.visit(VISIT).version = 9;
    const first = await arrive();
    await engine.run();
    await giveUp(database, first.id, "dropped");
    await engine.run();
    expect(await states()).toEqual(["dropped"]);
    expect(server.effects).toEqual([]);
    await expect(mend(database, first.id)).rejects.toThrow();
  });

  it("cannot be given up once it was done", async () => {
    const first = await arrive();
    await engine.run();
    await expect(giveUp(database, first.id, "dropped")).rejects.toThrow();
  });

  it("is rejected with the reason at its field, and taken when mended", async () => {
    await arrive();
    const bad = await enqueue(database, { kind: "visit.finding", subject: VISIT, payload: { id: newId(), place: "" } });
    await engine.run();
    const rejected = (await allCommands(database))[1]!;
    expect([rejected.state, rejected.errors]).toEqual(["rejected", [{ field: "place", message: "写明地点" }]]);
    await mend(database, bad.id, { payload: { ...bad.payload, place: "北门" } });
    await engine.run();
    expect(server.visit(VISIT).findings.map((one) => one.place)).toEqual(["北门"]);
  });

  it("for want of photos brings them again", async () => {
    const hash = await photo("abc");
    await arrive();
    await enqueue(database, { kind: "visit.answer", subject: VISIT, payload: { item: ITEMS[0], value: "no" }, photos: [hash] });
    await database.put("photos", { ...(await database.get("photos", hash))!, state: "uploaded" }); // as if it had been lost there
    await engine.run();
    expect(await states()).toEqual(["settled", "waiting"]);
    await engine.run();
    expect(await states()).toEqual(["settled", "settled"]);
  });

  it("spoils only itself when it spoils a batch", async () => {
    await arrive();
    await answer(ITEMS[0]!);
    const bad = await answer(ITEMS[1]!);
    await answer(ITEMS[2]!);
    server.refuseBatch = (text) => text.includes(bad.id);
    await engine.run();
    expect(await states()).toEqual(["settled", "settled", "rejected", "held"]);
  });

  it("other bytes under the same id are told, not sent again", async () => {
    const first = await arrive();
    server.fault = (request) => (request.url === "/api/v1/sync" ? "unanswered" : null);
    expect(await engine.run()).toBe("offline");
    server.fault = () => null;
    await change(database, first.id, (one) => (one.sealed = one.sealed!.replace('"payload":{', '"payload":{"code":"x",')));
    await engine.run();
    const told = (await allCommands(database))[0]!;
    expect([told.state, told.code]).toEqual(["conflict", "reused"]);
    expect(server.effects).toHaveLength(1);
  });
});

describe("the day", () => {
  it("that no longer holds a visit keeps it while something of it is unsent", async () => {
    server.stub = () => ({ status: "rejected", code: "invalid", detail: "不行" });
    await arrive();
    server.day.visits = [];
    await engine.run();
    expect((await cachedDay(database))?.visits.map((one) => one.id)).toEqual([VISIT]);
    await giveUp(database, (await allCommands(database))[0]!.id, "desk");
    server.day.as_of = "2026-11-23T00:00:00Z";
    await engine.run();
    expect((await cachedDay(database))?.visits).toEqual([]);
  });

  it("is kept per person: another one's store knows nothing of this", async () => {
    await arrive();
    const theirs = await openFor("01930000-0000-7000-8000-00000000ffff");
    expect(await allCommands(theirs)).toEqual([]);
    theirs.close();
  });
});

describe("hazards that wait for this person", () => {
  const shown = (file: string): Day["hazards"] => [makeHazard({ photos: [{ file, phase: "before", label: "整改前", taken_at: null }] })];
  const recheck = (): Promise<Command> =>
    enqueue(database, { kind: "hazard.step", subject: HAZARD, payload: { step: "recheck", data: { remark: "一行\n两行" } }, seen: 6, told: { brief: "复查", facts: [["复查情况", "一行"]] } });

  it("bring their small pictures, each once, and let them go with them", async () => {
    server.day.hazards = [...shown("one")!, ...shown("none")!];
    server.pictures.set("one", Buffer.from("jpeg"));
    expect(await engine.run()).toBe("done"); // one that the server does not give is in nobody's way
    expect(await database.getAllKeys("pictures")).toEqual(["one"]);
    await engine.run();
    expect(server.calls.filter(([, url]) => url === "/api/v1/files/one/thumb")).toHaveLength(1);
    server.day.hazards = [];
    await engine.run();
    expect(await database.getAllKeys("pictures")).toEqual([]);
  });

  it("are kept while a step is unsent, but offer none any more", async () => {
    server.day.hazards = [makeHazard()];
    server.stub = () => ({ status: "conflict", code: "flow.changed", version: 7, detail: "王某先复查了" });
    await engine.run();
    await recheck();
    server.day.hazards = [];
    await engine.run();
    const [kept] = (await cachedDay(database))?.hazards ?? [];
    expect([kept?.id, kept?.gone, kept?.next, kept?.steps]).toEqual([HAZARD, true, "", []]);
    expect((await allCommands(database))[0]).toMatchObject({ state: "conflict", version: 7, detail: "王某先复查了" });
  });

  it("send words with their lines, on the version they were seen at, and keep what was told of them", async () => {
    const sent: string[] = [];
    server.stub = (command) => {
      sent.push(JSON.stringify(command));
      return { status: "applied", version: 7 };
    };
    const { told } = await recheck();
    expect(told?.brief).toBe("复查");
    await engine.run();
    expect(JSON.parse(sent[0]!)).toMatchObject({ base_version: 6, payload: { step: "recheck", data: { remark: "一行\n两行" } } });
    expect(sent[0]).not.toContain("told");
  });

  it("signed by hand fill no more than a body takes", async () => {
    server.stub = () => ({ status: "applied", version: 1 });
    const drawing = `data:image/png;base64,${"A".repeat(380_000)}`;
    for (let at = 0; at < 5; at += 1) await enqueue(database, { kind: "hazard.step", subject: newId(), payload: { step: "sign", data: { drawing } }, seen: 1 });
    await engine.run();
    expect(server.calls.filter(([, url]) => url === "/api/v1/sync")).toHaveLength(3);
    expect((await states()).every((one) => one === "settled" || one === "applied")).toBe(true);
  });
});
