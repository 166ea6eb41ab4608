// Bytes by wx.request, in the shape the shared client asks for; and whether there is a network at all.
import type { Fetch } from "@anlan/core/api";

const PATIENCE_MS = 60_000;

/** A header by any case: Android and iOS write them differently. */
function headerOf(headers: Record<string, unknown>, name: string): string | null {
  const wanted = name.toLowerCase();
  const found = Object.keys(headers).find((one) => one.toLowerCase() === wanted);
  return found === undefined ? null : String(headers[found]);
}

function bufferOf(body: unknown): string | ArrayBuffer | undefined {
  if (body instanceof Uint8Array) return body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) as ArrayBuffer;
  return typeof body === "string" ? body : undefined;
}

export const wxFetch: Fetch = (address, call) =>
  new Promise((resolve, reject) => {
    const data = bufferOf(call.body);
    // wx.request knows no PATCH: the server takes it by its name in a header.
    const patch = call.method === "PATCH";
    wx.request({
      url: address,
      method: (patch ? "POST" : (call.method ?? "GET")) as "GET",
      header: { ...(call.headers as Record<string, string>), ...(patch ? { "X-HTTP-Method-Override": "PATCH" } : {}) },
      ...(data === undefined ? {} : { data }),
      dataType: "其他", // anything but "json": the text as it came
      responseType: "text",
      redirect: "manual",
      timeout: PATIENCE_MS,
      success: ({ statusCode, header, data: text }) =>
        resolve({
          ok: statusCode >= 200 && statusCode < 300,
          status: statusCode,
          type: "basic",
          headers: { get: (name: string) => headerOf(header as Record<string, unknown>, name) },
          text: () => Promise.resolve(typeof text === "string" ? text : ""),
        } as Response),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    });
  });

let connected = true;
const heard = new Set<(connected: boolean) => void>();

export const isConnected = (): boolean => connected;

export function onNetwork(hear: (connected: boolean) => void): () => void {
  heard.add(hear);
  return () => heard.delete(hear);
}

export function watchNetwork(): void {
  const tell = (now: boolean): void => {
    connected = now;
    heard.forEach((hear) => hear(now));
  };
  wx.getNetworkType({ success: ({ networkType }) => tell(networkType !== "none") });
  wx.onNetworkStatusChange(({ isConnected: now }) => tell(now));
}
