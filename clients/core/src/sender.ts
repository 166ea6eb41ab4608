// Sends what a citizen's phone wrote down: photos first, resumed where they broke off, then the letter itself. Killed at any line, the next
// run goes on from the store; a retry is the same report, as its id was made on this phone.
import { NoAnswer, Refused, SignInNeeded, type Api } from "./api";
import { Wait, type Citizen, type CitizenApi, type ReportData, type Submitted } from "./citizen";
import { allLetters, tidy, type Letter, type ReportStore } from "./reporting";
import type { Photo } from "./store";
import type { Outcome } from "./sync";
import { upload } from "./tus";
import type { Id } from "./types";

export interface SenderOptions {
  /** Told after everything that was written down. */
  changed?: () => void;
  /** Makes an account without a name; works for its proof. Throws what the network throws. */
  guest: () => Promise<Citizen>;
  chunk?: number;
}

class OtherPerson extends Error {}

export class Sender {
  private running = false;
  private notBefore = 0;

  constructor(
    private readonly store: ReportStore,
    private readonly api: Api,
    private readonly citizen: CitizenApi,
    private readonly options: SenderOptions,
  ) {}

  /** Never throws for the network's sake. One letter's trouble is not the next one's. */
  async run(): Promise<Outcome> {
    if (this.running) return "busy";
    this.running = true;
    try {
      return await this.alone(() => this.whole());
    } finally {
      this.running = false;
      this.options.changed?.();
    }
  }

  private async alone(work: () => Promise<Outcome>): Promise<Outcome> {
    if (typeof navigator === "undefined" || !("locks" in navigator) || !navigator.locks) return work();
    return navigator.locks.request("anlan-report-send", { ifAvailable: true }, (lock) => (lock ? work() : "busy"));
  }

  private async whole(): Promise<Outcome> {
    const waiting = (await allLetters(this.store)).filter((one) => one.state === "queued" || one.state === "sending");
    if (!waiting.length) return "done";
    if (Date.now() < this.notBefore) return "offline";
    let outcome: Outcome = "done";
    for (const letter of waiting) {
      try {
        // An objection by code is nobody's: it needs no account, only its code; its photos come under one that knows nobody.
        await this.sendOne(letter, letter.target?.code && !letter.photos.length ? null : await this.whose(letter));
      } catch (error) {
        if (error instanceof NoAnswer) return "offline"; // the next one would fare no better
        if (error instanceof Wait) {
          this.notBefore = Date.now() + error.seconds * 1000;
          return "offline";
        }
        if (error instanceof SignInNeeded) outcome = "sign_in";
        else if (error instanceof OtherPerson) outcome = "other_person";
        else if (error instanceof Refused) await this.reject(letter.id, error);
        else throw error;
      }
    }
    await tidy(this.store);
    return outcome;
  }

  /** The account it goes under. A guest's session sends nothing in a name, and nobody sends for another. */
  private async whose(letter: Letter): Promise<Citizen> {
    let me: Citizen;
    try {
      me = await this.citizen.me();
    } catch (error) {
      // Not signed in, or signed in as somebody of an office: their post cannot report.
      const nobody = error instanceof SignInNeeded || (error instanceof Refused && error.status === 403);
      if (!nobody) throw error;
      if (!letter.anonymous) throw new SignInNeeded();
      me = await this.options.guest();
    }
    if (me.guest && !letter.anonymous) throw new SignInNeeded();
    if (letter.person && letter.person !== me.id && !letter.anonymous) throw new OtherPerson();
    return me;
  }

  private async change(id: Id, by: (letter: Letter) => void): Promise<void> {
    const transaction = this.store.transaction("letters", "readwrite");
    const letter = await transaction.store.get(id);
    if (letter) {
      by(letter);
      await transaction.store.put(letter);
    }
    await transaction.done;
    this.options.changed?.();
  }

  private async sendOne(letter: Letter, me: Citizen | null): Promise<void> {
    const photos = me ? await this.bring(letter, me) : [];
    await this.change(letter.id, (one) => {
      one.state = "sending";
      one.person = me?.id ?? "";
      one.sealed = true;
      one.tries += 1;
    });
    const data = { ...letter.data, photos };
    let answer: Submitted | null = null;
    try {
      answer = (await this.post(letter, data)) as Submitted | null;
    } catch (error) {
      const lost = error instanceof Refused && error.errors.some((one) => one.field.startsWith("photos"));
      if (!lost || !me || !letter.photos.length || letter.tries > 3) throw error;
      // The server no longer has them under this name: bring them once more.
      await this.forget(letter.photos);
      await this.change(letter.id, (one) => (one.state = "queued"));
      answer = (await this.post(letter, { ...letter.data, photos: await this.bring(letter, me) })) as Submitted | null;
    }
    await this.change(letter.id, (one) => {
      one.state = "sent";
      one.detail = one.code = "";
      one.errors = [];
      // Who else stands under it is no longer this phone's business.
      one.written = null;
      one.data = Object.fromEntries(["words", "address"].flatMap((key) => (key in one.data ? [[key, one.data[key]]] : [])));
      one.report = answer?.report ?? null;
      one.claim = answer?.claim_code ?? "";
    });
    if (letter.kind === "report" && answer?.claim_code) {
      await this.store.put("claims", { code: answer.claim_code, number: answer.report.number, words: answer.report.words, at: letter.at });
    }
  }

  private post(letter: Letter, data: Record<string, unknown>): Promise<unknown> {
    const { target } = letter;
    if (letter.kind === "report" || !target) return this.citizen.submit(data as unknown as ReportData);
    const word = data as { words: string; photos: string[] };
    if (letter.kind === "join") return this.citizen.join(target.id, word, letter.id);
    return target.code ? this.citizen.contestByCode(target.code, word, letter.id) : this.citizen.contest(target.id, word, letter.id);
  }

  /** All its photos on the server, resumed where they broke off; how the server calls them. */
  private async bring(letter: Letter, me: Citizen): Promise<string[]> {
    const references: string[] = [];
    for (const hash of letter.photos) {
      const photo = await this.store.get("photos", hash);
      if (!photo) continue; // its bytes are gone from this phone; the words still count
      const strange = (photo.owner && photo.owner !== me.id) || (photo.state === "uploaded" && !photo.file);
      if (strange) Object.assign(photo, { state: "kept", url: null, offset: 0, file: undefined });
      photo.owner = me.id;
      if (photo.state === "uploading") photo.state = "kept"; // killed in the middle: ask where we are
      if (photo.state !== "uploaded" && photo.state !== "refused") await this.carry(photo);
      if (photo.state === "refused") throw new Refused(422, "photo", "", [{ field: "photos", message: photo.detail }]);
      if (!photo.file) throw new NoAnswer("no file"); // a door that does not say what it took in
      references.push(photo.file);
    }
    return references;
  }

  /** A photo that will never be taken is told by its state; anything else is thrown. */
  private async carry(photo: Photo): Promise<void> {
    try {
      await upload(this.api, photo, (one) => this.keep(one), this.options.chunk);
    } catch (error) {
      await this.keep(photo);
      if (photo.state !== "refused") throw error;
    }
  }

  private async keep(photo: Photo): Promise<void> {
    await this.store.put("photos", photo);
    this.options.changed?.();
  }

  private async forget(hashes: string[]): Promise<void> {
    for (const hash of hashes) {
      const photo = await this.store.get("photos", hash);
      if (photo?.blob) await this.keep({ ...photo, state: "kept", url: null, offset: 0, file: undefined });
    }
  }

  private async reject(id: Id, error: Refused): Promise<void> {
    await this.change(id, (one) => {
      one.state = "rejected";
      one.sealed = false;
      one.detail = error.detail;
      one.code = error.code;
      one.errors = error.errors;
    });
  }
}
