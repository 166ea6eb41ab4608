// One visit as the screens see it, and the words under which its acts stand in the outbox.
import { computed, type ComputedRef } from "vue";
import { project, type Act, type Command, type Visit, type View } from "@anlan/core";
import { act, app } from "./app";

export const visitById = (id: string): Visit | undefined => app.day?.visits.find((one) => one.id === id);

export function useVisit(id: string): ComputedRef<View | null> {
  return computed(() => {
    const visit = visitById(id);
    return visit ? project(visit, app.commands) : null;
  });
}

export const labelOf = (visit: Visit): string => `${visit.enterprise.name} ${visit.number}`;

export async function actOn(view: View, kind: Act["kind"], payload: Record<string, unknown>, photos: string[] = [], instead: Command | null = null): Promise<void> {
  await act({ kind, subject: view.visit.id, payload, photos, seen: view.version, label: labelOf(view.visit) }, instead);
}

/** Those who go do the visit; an enterprise sees it, and signs. */
export const isGoing = (view: View): boolean => view.visit.members.some((one) => one.person === app.day?.actor.person);

/** May facts be added now? */
export const underWay = (view: View): boolean => view.state === "under_way" && isGoing(view);
