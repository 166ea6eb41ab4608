// Putting right what the server did not take: the act goes again under its own number, and what was signed on the strength of it falls.
import { computed, type ComputedRef } from "vue";
import { falling, giveUp, mend, project, VOID, type Command, type CommandKind, type View } from "@anlan/core";
import { app, later, reload, store } from "./app";
import { visitById } from "./visit";

/** Acts whose form can be opened again. A record is not mended but made anew; a self-check and a hazard's step have pages of their own. */
export const MENDABLE: ReadonlySet<CommandKind> = new Set([
  "visit.arrive",
  "visit.answer",
  "visit.finding",
  "visit.withdraw_finding",
  "visit.on_site",
  "visit.sign",
  "visit.reopen",
]);

export interface Mending {
  command: ComputedRef<Command | null>;
  view: ComputedRef<View | null>;
  /** The record and signatures behind it that no longer fit once it changes. */
  falls: ComputedRef<Command[]>;
  signatures: ComputedRef<number>;
  /** What the server said, by field; what is at no field of the form stands under "". */
  errors: ComputedRef<Record<string, string>>;
  resend: (how: Parameters<typeof mend>[2]) => Promise<boolean>;
}

export function useMending(id: string): Mending {
  const command = computed(() => app.commands.find((one) => one.id === id) ?? null);
  const falls = computed(() => (command.value ? falling(app.commands, command.value) : []));
  return {
    command,
    falls,
    view: computed(() => {
      const visit = command.value && visitById(command.value.subject);
      return visit ? project(visit, app.commands) : null;
    }),
    signatures: computed(() => falls.value.filter((one) => one.kind === "visit.sign").length),
    errors: computed(() => Object.fromEntries((command.value?.errors ?? []).map((one) => [one.field.split(".")[0] ?? "", one.message]))),
    /** True when a record fell with it and is to be made again. */
    resend: async (how) => {
      if (!command.value) return false;
      const fallen = falls.value;
      await fell(fallen);
      await mend(store(), command.value.id, how);
      await reload(false);
      later();
      return fallen.some((one) => one.kind === "visit.record");
    },
  };
}

/** Gives up what falls; the record's words and time of leaving stay as the draft of the next one. */
export async function fell(commands: Command[]): Promise<void> {
  const record = commands.find((one) => one.kind === "visit.record");
  if (record) await keepWords(record);
  for (const one of commands) await giveUp(store(), one.id, "dropped", new Date(), VOID);
}

export async function keepWords({ subject, payload }: Command): Promise<void> {
  const { summary = "", met_name = "", met_title = "", met_phone = "", left_at = "" } = payload;
  await store().put("drafts", { at: new Date().toISOString(), value: { summary, met_name, met_title, met_phone, left_at } }, `record:${subject}`);
}
