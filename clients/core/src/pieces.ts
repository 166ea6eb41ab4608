// tus 1.0 (core, creation, checksum), resumable over restarts: where a file has got to is written down after every answer.
// Ours, because tus-js-client has no checksum extension and brings its own store of addresses beside the outbox. Knows neither Blob nor fetch:
// the browser's photos (`tus.ts`) and the mini-program's saved files go the same way.
import { NoAnswer, Refused, type Api } from "./api";
import { base64Of, utf8 } from "./bytes";

export const CHUNK = 512 * 1024;
/** The server had no room to look at the file just now. */
const PASSING = new Set(["file.busy", "file.timeout", "file.memory"]);
const TUS = { "Tus-Resumable": "1.0.0" };

/** What is written down of a file on its way. */
export interface Rising {
  sha256: string;
  name: string;
  type: string;
  size: number;
  kind: string;
  state: "kept" | "uploading" | "uploaded" | "refused";
  url: string | null;
  offset: number;
  detail: string;
  /** What the server calls it, once it is whole. */
  file?: string;
}

export interface Way<One extends Rising> {
  /** Bytes from `from` up to `to`; fewer at the end of the file. */
  read: (from: number, to: number) => Promise<Uint8Array<ArrayBuffer>>;
  keep: (one: One) => Promise<void> | void;
  chunk?: number;
  /** Base64 of a piece's SHA-256. Without it only the whole file's is compared. */
  checksum?: (piece: Uint8Array<ArrayBuffer>) => Promise<string>;
}

const metadataOf = (one: Rising): string =>
  Object.entries({ filename: one.name, filetype: one.type, sha256: one.sha256, kind: one.kind })
    .map(([key, value]) => `${key} ${base64Of(utf8(value))}`)
    .join(",");

/** Brings `one` up; changes it and tells `keep` at each step. Throws NoAnswer when the network goes: call again to go on. */
export async function rise<One extends Rising>(api: Api, one: One, way: Way<One>): Promise<void> {
  let lost = 0;
  while (one.state !== "uploaded") {
    try {
      if (!one.url) await create(api, one, way);
      else if (one.state === "kept") await whereAreWe(api, one, way);
      else await sendOne(api, one, way);
    } catch (error) {
      if (!(error instanceof Refused)) {
        one.state = "kept"; // what arrived of the last piece is not known: ask first
        await way.keep(one);
        throw error;
      }
      if (!recover(one, error, ++lost)) throw error;
      await way.keep(one);
    }
  }
}

async function create<One extends Rising>(api: Api, one: One, way: Way<One>): Promise<void> {
  const { headers } = await api.call("/api/v1/uploads", {
    method: "POST",
    headers: { ...TUS, "Upload-Length": String(one.size), "Upload-Metadata": metadataOf(one) },
  });
  const location = headers.get("Location");
  if (!location) throw new NoAnswer("no address");
  // Only ever our own origin: a path is all that is kept.
  one.url = location.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "").replace(/[?#].*$/, "");
  one.offset = 0;
  one.state = "uploading";
  await way.keep(one);
}

async function whereAreWe<One extends Rising>(api: Api, one: One, way: Way<One>): Promise<void> {
  const { headers } = await api.call(one.url ?? "", { method: "HEAD", headers: TUS });
  one.offset = offsetOf(headers);
  one.file = headers.get("Anlan-File") ?? undefined;
  one.state = one.offset >= one.size ? "uploaded" : "uploading";
  await way.keep(one);
}

async function sendOne<One extends Rising>(api: Api, one: One, way: Way<One>): Promise<void> {
  const piece = await way.read(one.offset, one.offset + (way.chunk ?? CHUNK));
  const { headers } = await api.call(one.url ?? "", {
    method: "PATCH",
    headers: {
      ...TUS,
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(one.offset),
      ...(way.checksum ? { "Upload-Checksum": `sha256 ${await way.checksum(piece)}` } : {}),
    },
    body: piece,
  });
  one.offset = offsetOf(headers);
  one.file = headers.get("Anlan-File") ?? undefined;
  if (one.offset >= one.size) one.state = "uploaded";
  await way.keep(one);
}

function offsetOf(headers: { get(name: string): string | null }): number {
  const told = headers.get("Upload-Offset");
  const offset = told === null ? NaN : Number(told);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new NoAnswer("no offset");
  return offset;
}

/** True when it is worth going on. */
function recover(one: Rising, error: Refused, lost: number): boolean {
  if (lost > 20) throw new NoAnswer("too many refusals"); // not the file's fault: a later try begins afresh
  if (PASSING.has(error.code)) throw new NoAnswer(error.code);
  switch (error.status) {
    case 400: // cut off on the way
    case 409: // another offset than we thought
    case 460: // garbled on the way
      one.state = "kept";
      return true;
    case 404: // the server no longer has it: expired, or it was finished and put away
    case 410:
      one.url = null;
      one.offset = 0;
      one.state = "kept";
      return true;
    case 413: // too large, or no photo: it will never be taken
    case 422:
      one.state = "refused";
      one.detail = error.detail || error.code || String(error.status);
      return false;
    default: // we and the server do not understand each other; that says nothing of the file
      return false;
  }
}
