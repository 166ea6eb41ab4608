// The report being written: kept a moment after every key and picture, and at once when the app goes out of sight.
import { onScopeDispose, reactive, ref, toRaw, watch } from "vue";
import { dropDraft, emptyDraft, keepDraft, writtenDraft, type Draft } from "@anlan/core";
import { reload, store } from "./app";

const plain = (draft: Draft): Draft => JSON.parse(JSON.stringify(toRaw(draft))) as Draft;

export function useWritten() {
  const draft = reactive<Draft>(emptyDraft());
  const [ready, found] = [ref(false), ref(false)];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const write = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (!over && ready.value) await keepDraft(store(), plain(draft));
  };
  const hidden = (): void => void (document.visibilityState === "hidden" && write());
  void writtenDraft(store()).then((kept) => {
    if (kept) {
      Object.assign(draft, kept);
      found.value = true;
    }
    ready.value = true;
  });
  watch(draft, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void write(), 250);
  });
  document.addEventListener("visibilitychange", hidden);
  onScopeDispose(() => {
    if (timer) void write().then(reload);
    document.removeEventListener("visibilitychange", hidden);
  });
  return {
    draft,
    ready,
    found,
    write,
    plain: () => plain(draft),
    /** It has gone its way; nothing of it is to be written again. */
    end: (): void => {
      over = true;
      clearTimeout(timer);
    },
    drop: async (): Promise<void> => {
      clearTimeout(timer);
      await dropDraft(store());
      Object.assign(draft, emptyDraft());
      found.value = false;
      await reload();
    },
  };
}
