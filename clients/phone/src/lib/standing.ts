// The state of one record in a word, from its command and its photos.
import { photosOf, VOID, type Command, type Photo } from "@anlan/core";
import type { Key } from "../words";

export interface Standing {
  tone: "waits" | "done" | "stuck" | "over";
  key: Key;
  values: Record<string, number>;
}

export function standing(command: Command, photos: ReadonlyMap<string, Photo>, online: boolean): Standing {
  const stands = (tone: Standing["tone"], key: Key, values: Record<string, number> = {}): Standing => ({ tone, key, values });
  switch (command.state) {
    case "applied":
    case "settled":
      return stands("done", "state.applied");
    case "conflict":
      return stands("stuck", "state.conflict");
    case "rejected":
      return stands("stuck", "state.rejected");
    case "dropped":
      if (command.code === VOID) return stands("over", "state.void");
      return stands("over", "state.dropped");
    case "desk":
      return stands("over", "state.desk");
    case "held":
      return stands("waits", "state.held");
    default: {
      const wanted = photosOf(command);
      const arrived = wanted.filter((hash) => photos.get(hash)?.state === "uploaded").length;
      const started = wanted.some((hash) => photos.get(hash)?.state === "uploading");
      if (wanted.length > arrived && (arrived > 0 || started)) return stands("waits", "state.photos", { n: arrived, of: wanted.length });
      if (!online) return stands("waits", "state.offline");
      return stands("waits", command.state === "sending" ? "state.sending" : "state.queued");
    }
  }
}
