// Where the sender works, when the report is about that enterprise, and who reports together with them. Both are sealed like the sender.
import { MOST_SIGNATORIES, type Employer, type EmployerFound } from "@anlan/core/citizen";
import { isConnected } from "../../lib/net";
import { definePart, troubleOf, type Touched, type Typed } from "../../lib/page";
import { citizen } from "../../lib/server";
import { say } from "../../words";

const QUIET_MS = 400;
let timer: ReturnType<typeof setTimeout> | undefined;

definePart({
  words: "together",
  properties: { employer: { type: Object, value: null }, joint: { type: Array, value: [] } },
  data: { typed: "", found: [] as EmployerFound[], told: "", most: MOST_SIGNATORIES },
  detached() {
    clearTimeout(timer);
  },
  methods: {
    typeEmployer({ detail }: Typed) {
      this.data.typed = detail.value;
      clearTimeout(timer);
      this.setData({ found: [], told: "" });
      const asked = detail.value.trim();
      if (asked.length >= 2) timer = setTimeout(() => void this.look(asked), QUIET_MS);
    },
    async look(asked: string) {
      if (!isConnected()) {
        this.setData({ told: say("together", "offline") });
        return;
      }
      try {
        const { items } = await citizen.employers(asked);
        if (asked === this.data.typed.trim()) this.setData({ found: items, told: items.length ? "" : say("together", "none") });
      } catch (trouble) {
        this.setData({ told: troubleOf(trouble) });
      }
    },
    choose({ currentTarget }: Touched) {
      const { id, name } = this.data.found.find((one) => one.id === currentTarget.dataset["id"]) ?? { id: "", name: "" };
      this.setData({ typed: "", found: [], told: "" });
      this.tellEmployer(id ? { id, name } : null);
    },
    forget() {
      this.tellEmployer(null);
    },
    tellEmployer(employer: Employer | null) {
      this.triggerEvent("employer", { employer });
    },
    add() {
      this.triggerEvent("add");
    },
    drop({ currentTarget }: Touched) {
      this.triggerEvent("drop", { index: Number(currentTarget.dataset["index"]) });
    },
    typeName({ currentTarget, detail }: Touched & Typed) {
      this.triggerEvent("type", { index: Number(currentTarget.dataset["index"]), name: detail.value });
    },
    typePhone({ currentTarget, detail }: Touched & Typed) {
      this.triggerEvent("type", { index: Number(currentTarget.dataset["index"]), phone: detail.value });
    },
  },
});
