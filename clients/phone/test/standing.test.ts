import { describe, expect, it } from "vitest";
import type { Command, Photo } from "@anlan/core";
import { speaksOf } from "../src/lib/scan";
import { standing } from "../src/lib/standing";

const command = (state: Command["state"], photos: string[] = []): Command => ({ state, photos, payload: {} }) as unknown as Command;
const photo = (state: Photo["state"]): Photo => ({ state }) as Photo;

describe("the state of a record", () => {
  it("counts the photos that have arrived while others are on their way", () => {
    const photos = new Map([["a", photo("uploaded")], ["b", photo("uploading")], ["c", photo("kept")]]);
    expect(standing(command("queued", ["a", "b", "c"]), photos, true)).toEqual({ tone: "waits", key: "state.photos", values: { n: 1, of: 3 } });
    expect(standing(command("queued", ["c"]), photos, true).key).toBe("state.queued");
  });

  it("waits for a network only where there is none, and is stuck wherever it waits for a person", () => {
    expect(standing(command("queued"), new Map(), false).key).toBe("state.offline");
    expect(standing(command("sending"), new Map(), true).key).toBe("state.sending");
    expect(standing(command("conflict"), new Map(), false).tone).toBe("stuck");
    expect(standing(command("rejected"), new Map(), true).tone).toBe("stuck");
    expect(standing(command("settled"), new Map(), false).key).toBe("state.applied");
  });
});

describe("a code at the gate", () => {
  const own = "01930000-0000-7000-8000-000000000101";
  it("speaks of this enterprise only when it carries one of its ids", () => {
    expect(speaksOf(`https://anlan.example/e/${own.toUpperCase()}/`, [own])).toBe(own);
    expect(speaksOf("https://anlan.example/e/01930000-0000-7000-8000-000000000999/", [own])).toBe("");
    expect(speaksOf("hello", [own])).toBe("");
  });
});
