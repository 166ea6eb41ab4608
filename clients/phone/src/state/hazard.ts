// Hazards as the screens see them: what was downloaded, and what of this phone is still on its way.
import { computed, type ComputedRef } from "vue";
import { UNSENT, type Command, type Hazard } from "@anlan/core";
import { app } from "./app";

const OVER = new Set<Command["state"]>(["dropped", "desk", "settled"]);

/** Acts on this hazard that the downloaded one does not show yet. */
export const actsOn = (id: string): Command[] => app.commands.filter((one) => one.subject === id && one.kind === "hazard.step" && !OVER.has(one.state));

/** One that no longer waits for this person is only kept for what is unsent. */
export const hazards = computed(() => (app.day?.hazards ?? []).filter((one) => !one.gone || actsOn(one.id).some((act) => UNSENT.has(act.state))));

/** It is this person's turn, and nothing was done about it yet. */
export const myTurn = (one: Hazard): boolean => one.next !== "" && !actsOn(one.id).length;

export const mine = computed(() => hazards.value.filter(myTurn));

export const hazardById = (id: string): Hazard | undefined => app.day?.hazards?.find((one) => one.id === id);

export const useHazard = (id: string): ComputedRef<Hazard | null> => computed(() => hazardById(id) ?? null);

export const labelOfHazard = (one: Hazard): string => `${one.enterprise_name} ${one.number}`.trim();
