// One run: who are we, photos first, then commands wave by wave, then the day anew. Killed at any line, the next run goes on from the store.
import { NoAnswer, Refused, SignInNeeded, type Api } from "./api";
import { offsetOf } from "./clock";
import { fetchClauses, fetchDay, fetchPictures, OtherPerson, settle, tidyUp } from "./day";
import { allCommands, change, photosOf, seal, unseal } from "./outbox";
import { getMeta, setMeta, STUCK, type Command, type Database, type Photo } from "./store";
import { upload } from "./tus";
import { TRANSITIONS, type Id, type Result } from "./types";

export type Outcome = "done" | "offline" | "sign_in" | "other_person" | "trouble" | "busy";

const BATCH = 100;
/** Characters of payload in one sending: a drawn signature is a long one, and the server takes no endless body. */
const MOST_TEXT = 1_000_000;
const PENDING: ReadonlySet<Command["state"]> = new Set(["queued", "sending", "waiting", "held"]);

export interface EngineOptions {
  /** Told after everything that was written down, so that a screen may show it. */
  changed?: () => void;
  chunk?: number;
}

export class Engine {
  private running = false;

  constructor(
    readonly database: Database,
    private readonly api: Api,
    readonly person: Id,
    private readonly options: EngineOptions = {},
  ) {}

  /** Never throws for the network's sake; a second call while one runs is told so. */
  async run(): Promise<Outcome> {
    if (this.running) return "busy";
    this.running = true;
    try {
      return await this.alone(() => this.whole());
    } catch (error) {
      if (error instanceof NoAnswer) return "offline";
      if (error instanceof SignInNeeded) return "sign_in";
      if (error instanceof OtherPerson) return "other_person";
      if (error instanceof Refused) return "trouble";
      throw error;
    } finally {
      this.running = false;
      this.tell();
    }
  }

  /** Two windows would only get in each other's way; the server would bear it. */
  private async alone(work: () => Promise<Outcome>): Promise<Outcome> {
    if (typeof navigator === "undefined" || !("locks" in navigator) || !navigator.locks) return work();
    return navigator.locks.request(`anlan-sync-${this.person}`, { ifAvailable: true }, (lock) => (lock ? work() : "busy"));
  }

  private async whole(): Promise<Outcome> {
    const day = await fetchDay(this.api, this.database, this.person);
    this.tell();
    const trouble = await this.sendPhotos();
    const sent = await this.sendCommands();
    if (sent) {
      await settle(this.database, (await fetchDay(this.api, this.database, this.person)).began);
    } else {
      await settle(this.database, day.began);
    }
    await fetchClauses(this.api, this.database, day.clauses_version);
    await fetchPictures(this.api, this.database);
    await tidyUp(this.database, Date.now());
    if (trouble) throw trouble;
    await setMeta(this.database, "synced_at", new Date().toISOString());
    return "done";
  }

  private tell(): void {
    this.options.changed?.();
  }

  /** One photo's trouble is not another's: what was in the way is told at the end. */
  private async sendPhotos(): Promise<Refused | null> {
    let trouble: Refused | null = null;
    const pending = (await allCommands(this.database)).filter((one) => PENDING.has(one.state));
    const wanted = [...new Set(pending.flatMap(photosOf))];
    const open: Photo[] = [];
    for (const hash of wanted) {
      const photo = await this.database.get("photos", hash);
      if (photo && photo.state !== "uploaded" && photo.state !== "refused") open.push(photo);
    }
    if (!open.length) return null;
    const known = await this.known(open.map((one) => one.sha256));
    for (const photo of open) {
      if (known.has(photo.sha256)) {
        photo.state = "uploaded";
        photo.offset = photo.size;
        await this.keep(photo);
        continue;
      }
      if (photo.state === "uploading") photo.state = "kept"; // we were killed in the middle: ask where we are
      try {
        await upload(this.api, photo, (one) => this.keep(one), this.options.chunk);
      } catch (error) {
        await this.keep(photo);
        if (!(error instanceof Refused)) throw error;
        if (photo.state === "refused") await this.refusePhoto(photo, pending);
        else trouble = error;
      }
    }
    return trouble;
  }

  private async keep(photo: Photo): Promise<void> {
    await this.database.put("photos", photo);
    this.tell();
  }

  private async known(hashes: string[]): Promise<Set<string>> {
    const known = new Set<string>();
    for (let at = 0; at < hashes.length; at += BATCH) {
      const { body } = await this.api.call<{ known: string[] }>("/api/v1/uploads/known", { method: "POST", json: { sha256: hashes.slice(at, at + BATCH) } });
      body.known.forEach((hash) => known.add(hash));
    }
    return known;
  }

  /** A photo the server will never take stops its commands where a person sees it. */
  private async refusePhoto(photo: Photo, pending: Command[]): Promise<void> {
    for (const one of pending.filter((command) => photosOf(command).includes(photo.sha256))) {
      await change(this.database, one.id, (command) => {
        unseal(command, "rejected");
        command.code = "photo";
        command.errors = [{ field: "photos", message: photo.detail }];
      });
    }
  }

  private async sendCommands(): Promise<boolean> {
    const tried = new Set<Id>();
    let applied = false;
    for (;;) {
      const wave = await this.nextWave(tried);
      if (!wave.length) return applied;
      wave.forEach((one) => tried.add(one.id));
      applied = (await this.sendWave(wave)) || applied;
    }
  }

  /**
   * In order of their numbers, each once a run. A transition waits until the earlier commands of its record are answered, because it
   * stands on the version they make; nothing passes one of its own record that is stuck or whose photos are still here.
   */
  private async nextWave(tried: ReadonlySet<Id>): Promise<Command[]> {
    const shut = new Set<Id>();
    const inWave = new Set<Id>();
    const wave: Command[] = [];
    let text = 0;
    for (const command of await allCommands(this.database)) {
      if (STUCK.has(command.state)) shut.add(command.subject);
      if (!PENDING.has(command.state) || shut.has(command.subject)) continue;
      const follows = TRANSITIONS.has(command.kind) && inWave.has(command.subject);
      if (tried.has(command.id) || follows || !(await this.hasArrived(photosOf(command)))) {
        shut.add(command.subject);
        continue;
      }
      text += JSON.stringify(command.payload).length;
      if (wave.length && text > MOST_TEXT) break;
      inWave.add(command.subject);
      // What follows a transition stands on it too, and would only be held if it failed.
      if (TRANSITIONS.has(command.kind)) shut.add(command.subject);
      wave.push(command);
      if (wave.length === BATCH) break;
    }
    return wave;
  }

  private async hasArrived(hashes: string[]): Promise<boolean> {
    for (const hash of hashes) {
      if ((await this.database.get("photos", hash))?.state !== "uploaded") return false;
    }
    return true;
  }

  private async sendWave(wave: Command[]): Promise<boolean> {
    const versions = await getMeta(this.database, "versions");
    const sealed: Command[] = [];
    for (const one of wave) {
      const command = await seal(this.database, one.id, versions[one.subject] ?? 0);
      if (command) sealed.push(command);
    }
    this.tell();
    try {
      return await this.post(sealed);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // The batch as a whole was refused: find the one that spoils it.
      if (sealed.length === 1) {
        await this.reject(sealed[0]!, error);
        return false;
      }
      let applied = false;
      const shut = new Set<Id>();
      for (const one of sealed) {
        if (shut.has(one.subject)) await change(this.database, one.id, (command) => unseal(command, "held"));
        else if (await this.sendWave([one])) applied = true;
        else shut.add(one.subject);
      }
      return applied;
    }
  }

  private async post(sealed: Command[]): Promise<boolean> {
    const device = await getMeta(this.database, "device");
    const sentAt = Date.now();
    const text = `{"device":${JSON.stringify(device)},"sent_at":${JSON.stringify(new Date(sentAt).toISOString())},"commands":[${sealed.map((one) => one.sealed).join(",")}]}`;
    const { body } = await this.api.call<{ received_at: string; results: Result[] }>("/api/v1/sync", {
      method: "POST",
      body: text,
      headers: { "Content-Type": "application/json" },
    });
    await setMeta(this.database, "clock", { offset: offsetOf(sentAt, Date.now(), body.received_at), at: body.received_at });
    let applied = false;
    for (const result of body.results) applied = (await this.take(result)) || applied;
    this.tell();
    return applied;
  }

  private async take(result: Result): Promise<boolean> {
    if (result.status === "applied" || result.status === "already") {
      const command = await change(this.database, result.id, (one) => {
        one.state = "applied";
        one.record = result.record;
        one.version = result.version;
        one.detail = one.code = "";
        one.errors = [];
        one.done_at = new Date().toISOString();
      });
      if (command && result.version !== null) {
        const versions = await getMeta(this.database, "versions");
        versions[command.subject] = Math.max(versions[command.subject] ?? 0, result.version);
        await setMeta(this.database, "versions", versions);
      }
      return true;
    }
    await change(this.database, result.id, (one) => {
      // Other bytes were done under this id: ours must not be sent again, and a person is told.
      unseal(one, result.status === "reused" ? "conflict" : (result.status as Command["state"]));
      one.code = result.status === "reused" ? "reused" : result.code;
      one.detail = result.detail;
      one.errors = result.errors;
      one.version = result.version;
      one.record = result.record;
    });
    for (const hash of result.missing) {
      const photo = await this.database.get("photos", hash);
      if (photo?.blob) await this.keep({ ...photo, state: "kept", url: null, offset: 0 });
    }
    return false;
  }

  private async reject(command: Command, error: Refused): Promise<void> {
    await change(this.database, command.id, (one) => {
      unseal(one, "rejected");
      one.code = error.code;
      one.detail = error.detail;
      one.errors = error.errors;
    });
  }
}
