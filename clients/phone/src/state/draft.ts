// What is being typed survives a killed app: written down a moment after every key, and at once when the app goes out of sight.
import { onScopeDispose, reactive, ref, toRaw, watch, type Ref } from "vue";
import { store } from "./app";

export interface Draft<Value extends object> {
  value: Value;
  ready: Ref<boolean>;
  found: Ref<boolean>;
  clear: () => Promise<void>;
}

const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

export function useDraft<Value extends object>(key: string, initial: Value): Draft<Value> {
  const value = reactive(plain(initial)) as Value;
  const [ready, found] = [ref(false), ref(false)];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const write = async (): Promise<void> => {
    clearTimeout(timer);
    if (!over && ready.value) await store().put("drafts", { at: new Date().toISOString(), value: plain(toRaw(value)) }, key);
  };
  const hidden = (): void => void (document.visibilityState === "hidden" && write());
  void store()
    .get("drafts", key)
    .then((kept) => {
      if (kept) {
        Object.assign(value, kept.value);
        found.value = true;
      }
      ready.value = true;
    });
  watch(
    value,
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => void write(), 250);
    },
    { deep: true },
  );
  document.addEventListener("visibilitychange", hidden);
  onScopeDispose(() => {
    if (timer) void write();
    document.removeEventListener("visibilitychange", hidden);
  });
  return {
    value,
    ready,
    found,
    clear: async () => {
      over = true;
      clearTimeout(timer);
      await store().delete("drafts", key);
    },
  };
}
