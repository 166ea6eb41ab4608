// What was typed and is not yet with the server: by the name of its box, with what stood there before. Nothing is lost while a line is down.
import { store } from "./store";

export type Change = [was: string, now: string];
const DAYS = 3 * 24 * 3600_000;

export class Unsent {
  private base = new Map<string, string>();
  private dirty = new Map<string, string>();
  private onItsWay = new Map<string, string>();
  readonly held = new Set<string>(); // somebody else wrote there meanwhile: a person decides

  constructor(private readonly key: string) {}

  stands(values: Record<string, string>): void {
    this.base = new Map(Object.entries(values));
  }

  at(place: string): string {
    return this.base.get(place) ?? "";
  }

  put(place: string, now: string): void {
    if (now === this.at(place) && !this.onItsWay.has(place)) this.dirty.delete(place);
    else this.dirty.set(place, now);
    this.keep();
  }

  has(place: string): boolean {
    return this.dirty.has(place) || this.held.has(place);
  }

  get count(): number {
    return this.dirty.size;
  }

  get waits(): boolean {
    return [...this.dirty.keys()].some((place) => !this.held.has(place));
  }

  // What goes out now. It stays dirty until the answer: a line that breaks loses nothing.
  take(): Record<string, Change> {
    const found: Record<string, Change> = {};
    this.onItsWay = new Map();
    for (const [place, now] of this.dirty) {
      if (this.held.has(place)) continue;
      found[place] = [this.at(place), now];
      this.onItsWay.set(place, now);
    }
    return found;
  }

  failed(): void {
    this.onItsWay.clear();
  }

  // What was typed on meanwhile stays dirty, now against what was just saved.
  saved(clashes: Record<string, { words: string }>): void {
    for (const [place, now] of this.onItsWay) {
      const clash = clashes[place];
      if (clash) {
        this.held.add(place);
        this.base.set(place, clash.words);
        continue;
      }
      this.base.set(place, now);
      if (this.dirty.get(place) === now) this.dirty.delete(place);
    }
    this.onItsWay.clear();
    this.keep();
  }

  settle(place: string, mine: boolean): void {
    this.held.delete(place);
    if (!mine) this.dirty.delete(place);
    this.keep();
  }

  keep(): boolean {
    if (this.dirty.size) return store.set(this.key, { at: Date.now(), values: Object.fromEntries(this.dirty) });
    store.drop(this.key);
    return true;
  }

  // What a page that died could not send, as far as it still differs.
  left(): Record<string, string> {
    const kept = store.get<{ at: number; values: Record<string, string> }>(this.key);
    if (!kept || Date.now() - kept.at > DAYS) return {};
    return Object.fromEntries(Object.entries(kept.values).filter(([place, now]) => now !== this.at(place)));
  }
}

// A block as spreadsheets copy it: cells between tabs, quoted where they hold tabs or lines themselves.
export function block(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < plain.length; at++) {
    const sign = plain[at] ?? "";
    if (quoted) {
      if (sign === '"' && plain[at + 1] === '"') cell += plain[++at];
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t" || sign === "\n") {
      rows[rows.length - 1]?.push(cell.trim());
      cell = "";
      if (sign === "\n") rows.push([]);
    } else cell += sign;
  }
  rows[rows.length - 1]?.push(cell.trim());
  return rows;
}

// A day as people shorten it (4.8, 4月8日, 8日) belongs to the year and month of the return; what is no day stays as it was typed.
export function day(text: string, year: number, month: number): string {
  const plain = text.trim().replace(/[０-９]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  const whole = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain);
  const short = /^(\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain);
  const only = /^(\d{1,2})日?$/.exec(plain);
  const [y, m, d] = whole ? [whole[1], whole[2], whole[3]] : short ? [year, short[1], short[2]] : only ? [year, month, only[1]] : [];
  if (y === undefined || m === undefined || d === undefined) return text;
  const made = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
  const right = made.getUTCMonth() === Number(m) - 1 && made.getUTCDate() === Number(d);
  return right ? `${String(y)}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}` : text;
}
