// A whole visit through a network that loses a third of everything, in an app that is killed again and again.
import "fake-indexeddb/auto";
import { afterEach, describe, expect, it } from "vitest";
import { allCommands, Api, cachedDay, digestOf, Engine, enqueue, firstDay, keepPhoto, newId, openFor, project, sheetOf, type Database } from "../src";
import { ContractServer } from "./contract-server.mjs";
import { dice, ITEMS, makeDay, PERSON, VISIT } from "./sample";

class Killed extends Error {}

/** The store of an app that dies at its n-th touch of it: whatever was written before stays, nothing after happens. */
function mortal(database: Database, life: { left: number }): Database {
  return new Proxy(database, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (["get", "put", "getAll", "getAllFromIndex", "transaction"].includes(String(name)) && --life.left < 0) throw new Killed();
        return (value as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}

async function doVisit(database: Database, chance: () => number): Promise<string[]> {
  const visit = (await cachedDay(database))!.visits[0]!;
  const shoot = (kind: "photo" | "signature"): Promise<string> => {
    const bytes = Uint8Array.from({ length: 500 + Math.floor(chance() * 3000) }, () => Math.floor(chance() * 256));
    return keepPhoto(database, { blob: new Blob([bytes]), thumb: null, name: "x.jpg", kind, taken_at: new Date(), lon: null, lat: null });
  };
  const photos: string[] = [];
  const taken = async (kind: "photo" | "signature" = "photo"): Promise<string[]> => {
    photos.push(await shoot(kind));
    return photos.slice(-1);
  };
  await enqueue(database, { kind: "visit.arrive", subject: VISIT, payload: { arrived_at: new Date().toISOString() }, seen: visit.version });
  for (const [at, item] of ITEMS.entries()) {
    const bad = at % 13 === 0;
    await enqueue(database, { kind: "visit.answer", subject: VISIT, payload: { item, value: bad ? "no" : "yes", remark: bad ? "有问题" : "" }, photos: bad ? await taken() : [] });
    if (bad) {
      const payload = { id: newId(), item, place: `第 ${at} 处`, description: "私拉乱接电线", category: "fire", major: false };
      await enqueue(database, { kind: "visit.finding", subject: VISIT, payload, photos: await taken() });
    }
  }
  await enqueue(database, { kind: "visit.on_site", subject: VISIT, payload: { id: newId(), kind: "training", words: "讲解灭火器", people: 12 } });
  const view = project(visit, await allCommands(database));
  const record = { summary: "四处需要整改", met_name: "周明川", left_at: new Date().toISOString() };
  const digest = await digestOf(sheetOf(view, record));
  await enqueue(database, { kind: "visit.record", subject: VISIT, payload: { ...record, digest }, seen: view.version });
  for (const [party, name] of [["officer", "韩立新"], ["enterprise", "周明川"]]) {
    await enqueue(database, { kind: "visit.sign", subject: VISIT, payload: { party, name, digest, refused: false }, photos: await taken("signature") });
  }
  return photos;
}

let server: ContractServer;
afterEach(() => server.close());

describe("a visit made without a network", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("arrives whole and once, however the network and the app fail (%i)", async (seed) => {
    indexedDB = new IDBFactory();
    const chance = dice(seed * 7919);
    server = new ContractServer(makeDay());
    const api = new Api({ base: await server.listen(), patience_ms: 3_000 });
    const first = (await firstDay(api)).database;
    const photos = await doVisit(first, chance);
    first.close();

    const faults = ["lost", "unanswered", "halved"] as const;
    let cuts = 0;
    server.fault = () => (chance() < 0.3 ? (cuts++, faults[Math.floor(chance() * 3)]!) : null);
    let kills = 0;
    let outcome = "";
    for (let turn = 0; outcome !== "done" || (await unfinished()) > 0; turn++) {
      expect(turn).toBeLessThan(1500);
      const database = await openFor(PERSON);
      const life = { left: chance() < 0.5 ? Math.floor(chance() * 60) : Infinity };
      try {
        outcome = await new Engine(mortal(database, life), api, PERSON, { chunk: 700 }).run();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        kills++;
        outcome = "killed";
      }
      database.close();
    }
    expect(cuts).toBeGreaterThan(10);
    expect(kills).toBeGreaterThan(3);

    const database = await openFor(PERSON);
    const commands = await allCommands(database);
    database.close();
    expect(commands.map((one) => one.state)).toEqual(commands.map(() => "settled"));
    expect(server.effects.map(([id]) => id)).toEqual(commands.map((one) => one.id)); // each once, in order
    expect([...server.files.keys()].sort()).toEqual([...new Set(photos)].sort());
    const visit = server.visit(VISIT);
    expect([visit.state, visit.findings.length, visit.signatures.length, Object.keys(visit.answers).length]).toEqual(["recorded", 4, 2, 40]);
  });

  async function unfinished(): Promise<number> {
    const database = await openFor(PERSON);
    const left = (await allCommands(database)).filter((one) => one.state !== "settled").length;
    database.close();
    return left;
  }

  it("goes on with an upload that was cut ten times where it stood", async () => {
    indexedDB = new IDBFactory();
    server = new ContractServer(makeDay());
    const api = new Api({ base: await server.listen(), patience_ms: 3_000 });
    const { database } = await firstDay(api);
    const bytes = new Uint8Array(20_000).map((_, at) => at % 251);
    const hash = await keepPhoto(database, { blob: new Blob([bytes]), thumb: null, name: "x.jpg", kind: "photo", taken_at: new Date(), lon: null, lat: null });
    await enqueue(database, { kind: "visit.arrive", subject: VISIT, payload: {}, seen: 4 });
    await enqueue(database, { kind: "visit.answer", subject: VISIT, payload: { item: ITEMS[0], value: "no" }, photos: [hash] });
    let pieces = 0;
    server.fault = (request) => (request.method === "PATCH" && ++pieces % 2 === 0 ? "lost" : null);
    let cuts = 0;
    while ((await new Engine(database, api, PERSON, { chunk: 1000 }).run()) === "offline") cuts++;
    expect(cuts).toBeGreaterThanOrEqual(10);
    expect(server.files.get(hash)).toEqual(Buffer.from(bytes));
    const sent = server.calls.filter(([method, , status]) => method === "PATCH" && status === 204).length;
    expect(sent).toBe(20); // no piece twice
    database.close();
  });
});
