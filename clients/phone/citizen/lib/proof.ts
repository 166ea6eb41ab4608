import type { Proof } from "@anlan/core";
import Work from "./work?worker";

/** The answer to the server's riddle. */
export function prove({ salt, bits }: Proof): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Work();
    worker.onmessage = (event: MessageEvent<number>) => {
      worker.terminate();
      resolve(`${salt}:${event.data}`);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message || "proof"));
    };
    worker.postMessage({ salt, bits });
  });
}
