// SHA-256 by the browser; the app runs only in a secure context, where it is always there. Elsewhere: `sha256.ts`.
import { base64Of, hexOf, utf8 } from "./bytes";

async function bytesOf(data: Blob | Uint8Array | string): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof data === "string") return utf8(data);
  if (data instanceof Blob) return new Uint8Array(await data.arrayBuffer());
  return new Uint8Array(data);
}

async function digest(data: Blob | Uint8Array | string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await bytesOf(data)));
}

export const sha256Hex = async (data: Blob | Uint8Array | string): Promise<string> => hexOf(await digest(data));
export const sha256Base64 = async (data: Blob | Uint8Array | string): Promise<string> => base64Of(await digest(data));
export const base64 = (text: string): string => base64Of(utf8(text));
