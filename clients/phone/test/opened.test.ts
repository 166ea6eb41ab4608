import { shallowReactive } from "vue";
import { describe, expect, it } from "vitest";
import { opened } from "../src/lib/opened";

interface Seen {
  version: number;
  digest: string;
}

describe("what a form is about", () => {
  it("stays what was looked at, whatever comes down while one signs", () => {
    const app = shallowReactive<{ hazard: Seen | null }>({ hazard: { version: 3, digest: "a" } });
    const seen = opened(() => app.hazard);
    app.hazard = { version: 4, digest: "b" };
    expect(seen.value).toEqual({ version: 3, digest: "a" });
    app.hazard = null;
    expect(seen.value?.version).toBe(3);
  });

  it("waits until the day has been read", () => {
    const app = shallowReactive<{ hazard: Seen | null }>({ hazard: null });
    const seen = opened(() => app.hazard);
    expect(seen.value).toBeNull();
    app.hazard = { version: 3, digest: "a" };
    app.hazard = { version: 4, digest: "b" };
    expect(seen.value?.version).toBe(3);
  });
});
