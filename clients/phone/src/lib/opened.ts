// What a form is about stays as it was looked at while one writes and signs; what came down meanwhile is told by the server's answer.
import { shallowRef, watch, type Ref } from "vue";

/** The first that is there; a later one is another form's. */
export function opened<Value>(now: () => Value | null | undefined): Readonly<Ref<Value | null>> {
  const first = shallowRef<Value | null>(null);
  const stop = watch(
    now,
    (found) => {
      if (found) first.value ??= found;
    },
    { immediate: true, flush: "sync" },
  );
  if (first.value) stop();
  return first;
}
