// SHA-256 by the browser; the app runs only in a secure context, where it is always there.

async function bytesOf(data: Blob | Uint8Array | string): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof data === "string") return new TextEncoder().encode(data);
  if (data instanceof Blob) return new Uint8Array(await data.arrayBuffer());
  return new Uint8Array(data);
}

async function digest(data: Blob | Uint8Array | string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await bytesOf(data)));
}

export async function sha256Hex(data: Blob | Uint8Array | string): Promise<string> {
  return Array.from(await digest(data), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function sha256Base64(data: Blob | Uint8Array | string): Promise<string> {
  return btoa(String.fromCharCode(...(await digest(data))));
}

export function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
