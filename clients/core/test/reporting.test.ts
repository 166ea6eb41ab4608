// A citizen's report on a bad network: written down, killed, resumed, and there exactly once.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  allLetters, alongside, Api, backToDraft, CitizenApi, dropDraft, dropLetter, emptyDraft, keepDraft, keepShot, missingIn, openReports, Sender, sendOff, sendWord, solve, tidy, wipeReports, writtenDraft,
  type Draft, type Letter, type Outcome, type ReportStore,
} from "../src";
import { CitizenServer } from "./citizen-server";
import { dice } from "./sample";

class Killed extends Error {}

/** The store of an app that dies at its n-th touch of it: whatever was written before stays, nothing after happens. */
function mortal(store: ReportStore, life: { left: number }): ReportStore {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (["get", "put", "getAll", "transaction"].includes(String(name)) && --life.left < 0) throw new Killed();
        return (value as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}

let server: CitizenServer;
let store: ReportStore;
let base: string;
const CITIZEN = { id: "person-1", guest: false };

beforeEach(async () => {
  indexedDB = new IDBFactory();
  server = new CitizenServer();
  base = await server.listen();
  store = await openReports();
});
afterEach(async () => {
  store.close();
  await server.close();
});

function sender(on: ReportStore = store): Sender {
  const api = new Api({ base, token: "/report/token", patience_ms: 3_000 });
  const prove = ({ salt, bits }: { salt: string; bits: number }): Promise<string> => Promise.resolve(`${salt}:${solve(salt, bits)}`);
  const citizen = new CitizenApi(api, { prove, device: () => "device-1" });
  return new Sender(on, api, citizen, { guest: async () => (await citizen.guest()).person, chunk: 900 });
}

let shots = 0;
function shoot(size = 3000): Promise<string> {
  const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 7 + ++shots) % 251);
  return keepShot(store, { blob: new Blob([bytes], { type: "image/jpeg" }), thumb: new Blob(["small"]), name: "photo.jpg", kind: "photo", taken_at: new Date(), lon: null, lat: null });
}
const written = async (more: Partial<Draft> = {}): Promise<Draft> => ({
  ...emptyDraft(),
  words: "三楼安全出口被堵住",
  photos: [await shoot(), await shoot()],
  spot: { lon: 111.5, lat: 36.1, accuracy_m: 12, system: "wgs84", how: "position" },
  ...more,
});
const only = async (): Promise<Letter> => (await allLetters(store))[0]!;

describe("a draft", () => {
  it("survives a killed app, and goes into the letters without being in two places", async () => {
    const draft = await written();
    await keepDraft(store, draft);
    store.close();
    store = await openReports();
    expect(await writtenDraft(store)).toEqual(draft);
    await sendOff(store, draft);
    expect(await writtenDraft(store)).toBeNull();
    expect((await only()).data).toMatchObject({ id: draft.id, words: draft.words, lon: 111.5, lat: 36.1, crs: "wgs84", accuracy_m: 12, anonymous: false, channel: "web" });
  });

  it("asks for something to see or read, and for a place, and for nothing else", async () => {
    expect(missingIn(emptyDraft())).toEqual(["what", "where"]);
    expect(missingIn({ ...emptyDraft(), words: " 堵 " })).toEqual(["what", "where"]);
    expect(missingIn({ ...emptyDraft(), photos: ["a"], address: "人民路 3 号" })).toEqual([]);
    expect(missingIn(await written({ photos: [] }))).toEqual([]);
  });

  it("of which nothing but the position is known is none", async () => {
    await keepDraft(store, await written());
    await keepDraft(store, { ...emptyDraft(), spot: { lon: 111.5, lat: 36.1, accuracy_m: 12, system: "wgs84", how: "position" } });
    expect(await writtenDraft(store)).toBeNull();
  });

  it("of an older version of the app is read with what it lacks", async () => {
    const { joint: _joint, employer: _employer, ...older } = await written();
    await store.put("drafts", older as Draft, "report");
    expect(await writtenDraft(store)).toMatchObject({ words: older.words, joint: [], employer: null });
  });

  it("says who signs along and where its writer works, unless nobody shall be known", async () => {
    const joint = [{ name: " 李 小兰 ", phone: "13900001111" }, { name: "  ", phone: "13900002222" }, { name: "赵刚", phone: "" }];
    const employer = { id: "0198-e", name: "翠岭铸造有限公司" };
    expect(alongside({ anonymous: false, joint, employer })).toEqual({ joint: [{ name: "李 小兰", phone: "13900001111" }, { name: "赵刚", phone: "" }], employee_of: "0198-e" });
    expect(alongside({ anonymous: true, joint, employer })).toEqual({});
    expect(alongside({ anonymous: false, joint: Array.from({ length: 12 }, () => ({ name: "王", phone: "" })), employer: null }).joint).toHaveLength(9);
    await sendOff(store, await written({ joint, employer, region: 141002000000 }));
    const { data } = await only();
    expect(data).toMatchObject({ employee_of: "0198-e", lon: 111.5 });
    expect(data).not.toHaveProperty("region"); // the point is surer
  });

  it("that is dropped takes its photos along, but not those of a letter", async () => {
    const sent = await written();
    await sendOff(store, sent);
    const own = await shoot();
    await keepDraft(store, { ...emptyDraft(), photos: [...sent.photos, own] });
    await dropDraft(store);
    expect((await store.getAllKeys("photos")).sort()).toEqual([...sent.photos].sort());
  });
});

describe("sending", () => {
  it("brings photos first, then the report with the server's names for them; only small pictures stay", async () => {
    server.session = CITIZEN;
    const draft = await written();
    await sendOff(store, draft);
    expect(await sender().run()).toBe("done");
    const report = server.reports.get(draft.id)!;
    expect((report.data["photos"] as string[]).map((id) => server.files.get(id)?.bytes.length)).toEqual([3000, 3000]);
    expect(await only()).toMatchObject({ state: "sent", person: "person-1", claim: "" });
    const photos = await store.getAll("photos");
    expect(photos.map((one) => [one.blob, one.thumb !== null])).toEqual([[null, true], [null, true]]);
  });

  it("leaves alone what was taken meanwhile and no draft names yet, for a day", async () => {
    server.session = CITIZEN;
    await sendOff(store, await written());
    const shot = await shoot();
    expect(await sender().run()).toBe("done");
    expect((await store.get("photos", shot))?.blob).toBeInstanceOf(Blob);
    await tidy(store, [], Date.now() + 25 * 3_600_000);
    expect(await store.get("photos", shot)).toBeUndefined();
  });

  it("brings a picture anew that was sent before and is chosen once more", async () => {
    server.session = CITIZEN;
    const before = shots;
    const first = await written();
    await sendOff(store, first);
    expect(await sender().run()).toBe("done");
    shots = before; // the same bytes
    const second = await written();
    expect(second.photos).toEqual(first.photos);
    await sendOff(store, second);
    expect(await sender().run()).toBe("done");
    const names = [first, second].flatMap((one) => server.reports.get(one.id)!.data["photos"] as string[]);
    expect(new Set(names).size).toBe(4);
  });

  it("forgets who signed along once it has arrived, and the whole letter after some weeks", async () => {
    server.session = CITIZEN;
    const draft = await written({ joint: [{ name: "李小兰", phone: "13900001111" }], employer: { id: "e", name: "厂" } });
    await sendOff(store, draft);
    expect(await sender().run()).toBe("done");
    expect(server.reports.get(draft.id)?.data["joint"]).toEqual([{ name: "李小兰", phone: "13900001111" }]);
    expect(JSON.stringify(await only())).not.toMatch(/李小兰|13900001111|厂/);
    await tidy(store, [], Date.now() + 29 * 86_400_000);
    expect(await allLetters(store)).toHaveLength(1);
    await tidy(store, [], Date.now() + 31 * 86_400_000);
    expect([await store.count("letters"), await store.count("photos")]).toEqual([0, 0]);
  });

  it("brings the photos of an objection by code under an account that knows nobody", async () => {
    const shots = [await shoot(), await shoot()];
    await sendWord(store, "contest", { id: "r-2", code: "ABCD-EFGH-JKMN", number: "R-2" }, "门还是锁着的", shots);
    let lost = 0;
    server.fault = (request) => (/uploads|contest/.test(request.url ?? "") && lost++ < 3 ? "unanswered" : null);
    for (let turn = 0; (await sender().run()) !== "done"; turn++) expect(turn).toBeLessThan(6);
    expect(server.session).toEqual({ id: "guest-1", guest: true });
    expect(server.words).toHaveLength(1);
    expect(server.words[0]?.data["photos"]).toHaveLength(2);
  });

  it.each([1, 2, 3, 4, 5, 6])("arrives once, however the network and the app fail (%i)", async (seed) => {
    server.session = CITIZEN;
    const chance = dice(seed * 104_729);
    const drafts = [await written(), await written({ anonymous: true }), await written({ photos: [] })];
    for (const draft of drafts) await sendOff(store, draft);
    let cuts = 0;
    let kills = 0;
    server.fault = () => (chance() < 0.3 ? (cuts++, chance() < 0.5 ? "lost" : "unanswered") : null);
    for (let turn = 0, outcome: Outcome | "killed" = "offline"; outcome !== "done"; turn++) {
      expect(turn).toBeLessThan(800);
      const life = { left: chance() < 0.7 ? Math.floor(chance() * 14) : Infinity };
      try {
        outcome = await sender(mortal(store, life)).run();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        kills++;
        outcome = "killed";
      }
    }
    expect(cuts).toBeGreaterThan(5);
    expect(kills).toBeGreaterThan(0);
    expect([...server.reports.keys()].sort()).toEqual(drafts.map((one) => one.id).sort());
    const letters = await allLetters(store);
    expect(letters.map((one) => one.state)).toEqual(["sent", "sent", "sent"]);
    for (const draft of drafts) expect((server.reports.get(draft.id)!.data["photos"] as string[]).length).toBe(draft.photos.length);
    // The code of the one without a name was not lost with a lost answer.
    expect((await store.getAll("claims")).map((one) => one.code)).toEqual(["ABCD-EFGH-JKMN"]);
  });

  it("waits for somebody to sign in, and needs nobody for a report without a name", async () => {
    await sendOff(store, await written());
    const nameless = await written({ anonymous: true });
    await sendOff(store, nameless);
    expect(await sender().run()).toBe("sign_in");
    expect([...server.reports.keys()]).toEqual([nameless.id]);
    expect(server.session).toEqual({ id: "guest-1", guest: true }); // made by work, without a question
    expect(await sender().run()).toBe("sign_in"); // a guest sends nothing in a name
    server.session = CITIZEN;
    expect(await sender().run()).toBe("done");
    expect(server.guests).toBe(1);
  });

  it("sends nothing under another's account that may have gone under the first", async () => {
    server.session = CITIZEN;
    const draft = await written();
    await sendOff(store, draft);
    server.fault = (request) => (request.url?.endsWith("/reports") ? "unanswered" : null);
    expect(await sender().run()).toBe("offline");
    server.fault = () => null;
    server.session = { id: "person-2", guest: false };
    expect(await sender().run()).toBe("other_person");
    server.session = CITIZEN;
    expect(await sender().run()).toBe("done");
    expect(server.reports.get(draft.id)?.owner).toBe("person-1");
  });

  it("brings photos again that went up under another account", async () => {
    server.session = { id: "guest-9", guest: true };
    const draft = await written({ anonymous: true });
    await sendOff(store, draft);
    server.refuse = (name) => (name === "reports" ? { status: 503, code: "busy" } : null);
    expect(await sender().run()).toBe("offline"); // the photos are there, the report is not
    server.refuse = () => null;
    server.session = CITIZEN;
    expect(await sender().run()).toBe("done");
    expect(server.files.size).toBe(4);
    expect(server.reports.get(draft.id)?.owner).toBe("person-1");
  });

  it("brings photos once more that the server has lost, and not for ever", async () => {
    server.session = CITIZEN;
    const draft = await written();
    await sendOff(store, draft);
    let asked = 0;
    server.refuse = (name, data) => {
      if (name === "reports" && ++asked === 1) for (const photo of data["photos"] as string[]) server.files.delete(photo);
      return null;
    };
    expect(await sender().run()).toBe("done");
    expect(server.reports.has(draft.id)).toBe(true);
    server.refuse = (name) => (name === "reports" ? { status: 422, code: "invalid", errors: [{ field: "photos", message: "不行" }] } : null);
    await sendOff(store, await written());
    await sender().run();
    expect((await allLetters(store))[1]).toMatchObject({ state: "rejected", errors: [{ field: "photos", message: "不行" }] });
  });

  it("that is refused says why, can be written on under its own number, and holds nobody else up", async () => {
    server.session = CITIZEN;
    const wrong = await written({ words: "坏的", unit: "u", unit_name: "应急管理局", employer: { id: "e", name: "厂" }, joint: [{ name: "李小兰", phone: "" }] });
    const right = await written();
    await sendOff(store, wrong, new Date("2026-11-22T01:00:00Z"));
    await sendOff(store, right, new Date("2026-11-22T01:01:00Z"));
    server.refuse = (name, data) => (name === "reports" && data["words"] === "坏的" ? { status: 422, code: "invalid", errors: [{ field: "words", message: "请写清楚" }] } : null);
    await sender().run();
    expect(server.reports.has(right.id)).toBe(true);
    expect(await only()).toMatchObject({ state: "rejected", errors: [{ field: "words", message: "请写清楚" }] });
    const again = (await backToDraft(store, wrong.id))!;
    expect(again).toEqual(wrong);
    await sendOff(store, { ...again, words: "二楼的门锁着" });
    expect(await sender().run()).toBe("done");
    expect(server.reports.get(wrong.id)?.data["words"]).toBe("二楼的门锁着");
  });

  it("keeps away for as long as the server asks", async () => {
    server.session = CITIZEN;
    await sendOff(store, await written({ photos: [] }));
    server.refuse = (name) => (name === "reports" ? { status: 429, code: "rate.limited", headers: { "Retry-After": "60" } } : null);
    const one = sender();
    expect(await one.run()).toBe("offline");
    server.refuse = () => null;
    const before = server.calls.length;
    expect(await one.run()).toBe("offline");
    expect(server.calls.length).toBe(before);
    expect((await only()).state).toBe("sending");
  });

  it("joins and contests once, though the answer was lost", async () => {
    server.session = CITIZEN;
    const shot = await shoot();
    const joining = await sendWord(store, "join", { id: "r-1", code: "", number: "R-1" }, "我也看到了", [shot]);
    const objecting = await sendWord(store, "contest", { id: "r-2", code: "ABCD-EFGH-JKMN", number: "R-2" }, "门还是锁着的", []);
    let lost = 0;
    server.fault = (request) => (/join|contest/.test(request.url ?? "") && lost++ < 2 ? "unanswered" : null);
    for (let turn = 0; (await sender().run()) !== "done"; turn++) expect(turn).toBeLessThan(6);
    expect(server.words.map(({ path, key, data }) => [path, key, data["words"]])).toEqual([
      ["reports/r-1/join", joining.id, "我也看到了"],
      ["claims/contest", objecting.id, "门还是锁着的"],
    ]);
    expect(server.words[1]?.data["code"]).toBe("ABCD-EFGH-JKMN");
  });
});

it("leaves nothing behind when somebody signs out, and drops a letter with its photos", async () => {
  const draft = await written();
  await sendOff(store, draft);
  await dropLetter(store, draft.id);
  expect(await store.count("photos")).toBe(0);
  await keepDraft(store, await written());
  await tidy(store);
  expect(await store.count("photos")).toBe(2); // the draft's own
  await wipeReports(store);
  for (const name of store.objectStoreNames) expect(await store.count(name)).toBe(0);
});
