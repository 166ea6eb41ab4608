// The proof of work runs beside the page: a second of counting must not freeze what somebody is typing.
import { solve } from "@anlan/core";

addEventListener("message", (event: MessageEvent<{ salt: string; bits: number }>) => {
  postMessage(solve(event.data.salt, event.data.bits));
});
