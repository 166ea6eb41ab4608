// A button with data-copy puts these words on the clipboard and says so.
import { toast } from "./toast";

// Where the page is not served over TLS there is no clipboard to ask: a field is selected and copied the old way.
function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr-only";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

export function startCopy(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (!button) return;
    void copy(button.dataset.copy ?? "").then((done) => done && toast(button.dataset.copied ?? "", "success"));
  });
}
