// Addresses for the small pictures in the store, given back when the screen goes.
import { onScopeDispose, ref, watch, type Ref } from "vue";
import { app } from "../state/app";

export function useThumbs(hashes: () => string[]): Ref<Record<string, string>> {
  const urls = ref<Record<string, string>>({});
  watch(
    () => [hashes(), app.photos] as const,
    ([wanted]) => {
      for (const hash of wanted) {
        const photo = app.photos.get(hash);
        const blob = photo?.thumb ?? (photo?.kind === "photo" ? photo.blob : null);
        if (blob && !urls.value[hash]) urls.value[hash] = URL.createObjectURL(blob);
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => Object.values(urls.value).forEach((url) => URL.revokeObjectURL(url)));
  return urls;
}
