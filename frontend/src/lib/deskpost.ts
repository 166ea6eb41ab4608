// What the desk asks of the platform and what it answers.
import { uuid } from "./key";

export const AHEAD = { "X-Desk": "1", "X-Requested-With": "XMLHttpRequest" };

export type Answer = { words: string; code?: string; left?: boolean; done?: number; troubles?: { id: string; number: string; words: string }[] };

// Throws when nobody knows what became of it: no network, or signed out.
export async function post(url: string, body: FormData, last = false): Promise<Answer> {
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
  if (!body.get("idempotency_key")) body.set("idempotency_key", uuid());
  const response = await fetch(url, { method: "POST", body, keepalive: last, credentials: "same-origin", headers: { ...AHEAD, "X-CSRFToken": token } });
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) throw new Error(response.redirected ? "signed out" : String(response.status));
  const answer = (await response.json()) as Answer;
  return response.ok ? answer : { ...answer, code: answer.code ?? String(response.status) };
}
