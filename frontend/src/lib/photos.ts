// Each photo travels on its own: one that fails is tried again alone, and the form keeps the ids of those that arrived.
import { uuid } from "./key";
import { toast } from "./toast";
import { say } from "./words";

const LIMIT_MB = 20;
const pictures = new Map<string, string>(); // id → preview, for forms that come back inside the panel
const papers = new Map<string, string>(); // id → name of a document
type State = "waiting" | "sending" | "done" | "failed";

export function problemWords(status: number, body: string): string {
  try {
    const problem = JSON.parse(body) as { detail?: unknown; title?: unknown };
    if (typeof problem.detail === "string" && problem.detail) return problem.detail;
    if (typeof problem.title === "string" && problem.title) return problem.title;
  } catch {
    /* not a problem document */
  }
  return status === 0 ? say("offline") : `${say("photo_failed")} (${status})`;
}

const DOCUMENT = /\.(pdf|docx|xlsx)$/i; // browsers disagree on their types; the server looks inside

export function refusal(file: { size: number; type: string; name: string }, documents = false): string {
  if (file.size > LIMIT_MB * 1024 * 1024) return say("too_large", { mb: LIMIT_MB });
  if (documents && DOCUMENT.test(file.name)) return "";
  // HEIC often comes without a type.
  if (file.type ? !file.type.startsWith("image/") : !/\.(jpe?g|png|webp|heic|heif)$/i.test(file.name)) return say(documents ? "not_a_document" : "not_a_photo");
  return "";
}

class Photo {
  readonly item = document.createElement("li");
  private readonly bar = document.createElement("progress");
  private readonly words = document.createElement("p");
  private readonly again = document.createElement("button");
  private readonly key = uuid();
  private readonly preview: string;
  private request: XMLHttpRequest | null = null;
  state: State = "waiting";

  constructor(
    private readonly picker: HTMLElement,
    private readonly file: File,
  ) {
    this.item.className = "picker-photo";
    const paper = DOCUMENT.test(file.name);
    const shown = document.createElement(paper ? "p" : "img");
    this.preview = paper ? "" : URL.createObjectURL(file);
    if (shown instanceof HTMLImageElement) {
      shown.alt = file.name;
      shown.src = this.preview;
      shown.addEventListener("error", () => shown.classList.add("is-blank")); // HEIC has no preview in most browsers
    } else {
      shown.className = "picker-paper";
      shown.textContent = file.name;
    }
    this.bar.max = 100;
    this.words.className = "picker-words";
    this.words.setAttribute("role", "status");
    this.again.type = "button";
    this.again.className = "btn-link picker-again";
    this.again.textContent = say("retry");
    this.again.addEventListener("click", () => this.send());
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "picker-remove";
    remove.setAttribute("aria-label", `${say("remove")} ${file.name}`);
    remove.textContent = "×";
    remove.addEventListener("click", () => this.remove());
    this.item.append(shown, remove, this.bar, this.words, this.again);
    const no = refusal(file, "documents" in picker.dataset);
    if (no) this.fail(no, false);
    else this.send();
  }

  private set(state: State, words: string): void {
    this.state = state;
    this.item.dataset.state = state;
    this.words.textContent = words;
  }

  private fail(words: string, retry = true): void {
    this.set("failed", words);
    this.again.hidden = !retry;
  }

  private remove(): void {
    this.request?.abort();
    this.item.remove();
    this.picker.dispatchEvent(new Event("photos:changed", { bubbles: true }));
  }

  private send(): void {
    const request = new XMLHttpRequest(); // fetch cannot tell how far an upload has come
    this.request = request;
    this.set("sending", say("uploading", { percent: 0 }));
    request.open("POST", this.picker.dataset.url ?? "");
    request.setRequestHeader("X-CSRFToken", document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "");
    request.setRequestHeader("Idempotency-Key", this.key);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = 120_000;
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.round((100 * event.loaded) / event.total);
      this.bar.value = percent;
      this.words.textContent = say("uploading", { percent });
    });
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.fail(say("offline")));
    request.addEventListener("timeout", () => this.fail(say("timeout")));
    const body = new FormData();
    body.append("file", this.file, this.file.name);
    request.send(body);
  }

  private answered(request: XMLHttpRequest): void {
    let id: unknown;
    try {
      id = (JSON.parse(request.responseText) as { id?: unknown }).id;
    } catch {
      id = undefined;
    }
    if (request.status < 200 || request.status > 299 || typeof id !== "string") {
      this.fail(problemWords(request.status, request.responseText), request.status === 0 || request.status >= 500 || request.status === 429);
      return;
    }
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = this.picker.dataset.name ?? "photos";
    input.value = id;
    if (this.preview) pictures.set(id, this.preview);
    else papers.set(id, this.file.name);
    input.dataset.photoId = "";
    this.item.append(input);
    this.bar.value = 100;
    this.set("done", say("uploaded"));
    this.picker.dispatchEvent(new Event("photos:changed", { bubbles: true }));
  }
}

function attach(picker: HTMLElement): void {
  if (picker.dataset.ready) return;
  picker.dataset.ready = "1";
  const list = picker.querySelector<HTMLElement>("[data-photos-list]");
  const input = picker.querySelector<HTMLInputElement>("[data-photos-input]");
  if (!list || !input) return;
  const most = Number(picker.dataset.max || 0);
  // A form that came back with errors brings the ids it was sent with: show them as photos again.
  picker.querySelectorAll<HTMLInputElement>(":scope > input[data-photo-id]").forEach((kept) => {
    const item = document.createElement("li");
    item.className = "picker-photo";
    item.dataset.state = "done";
    const words = document.createElement("p");
    words.className = "picker-words";
    words.textContent = say("uploaded");
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "picker-remove";
    remove.textContent = "×";
    remove.setAttribute("aria-label", say("remove"));
    remove.addEventListener("click", () => item.remove());
    const picture = pictures.get(kept.value);
    if (picture) {
      const image = document.createElement("img");
      image.alt = "";
      image.src = picture;
      item.append(image);
    }
    const paper = papers.get(kept.value);
    if (paper) {
      const name = document.createElement("p");
      name.className = "picker-paper";
      name.textContent = paper;
      item.append(name);
    }
    item.append(kept, words, remove);
    list.append(item);
  });
  const take = (files: FileList): void => {
    for (const file of Array.from(files)) {
      if (most && list.children.length >= most) {
        toast(say("too_many", { n: most }), "warning");
        return;
      }
      list.append(new Photo(picker, file).item);
    }
  };
  input.addEventListener("change", () => {
    if (input.files) take(input.files);
    input.value = "";
  });
  picker.addEventListener("dragover", (event) => {
    event.preventDefault();
    picker.classList.add("is-over");
  });
  picker.addEventListener("dragleave", () => picker.classList.remove("is-over"));
  picker.addEventListener("drop", (event) => {
    event.preventDefault();
    picker.classList.remove("is-over");
    if (event.dataTransfer?.files) take(event.dataTransfer.files);
  });
}

// Sending while photos are under way would silently leave them behind. Caught on the way down, before htmx hears of it.
export function holdForPhotos(): void {
  document.addEventListener(
    "submit",
    (event) => {
      for (const list of Array.from((event.target as HTMLFormElement).querySelectorAll<HTMLElement>("[data-photos-list]"))) {
        const states = Array.from(list.children, (item) => (item as HTMLElement).dataset.state);
        const words = states.includes("sending") ? say("wait_for_photos") : states.includes("failed") ? say("photos_with_errors") : "";
        if (!words) continue;
        event.preventDefault();
        event.stopImmediatePropagation();
        toast(words, "warning");
        list.scrollIntoView({ block: "center" });
        return;
      }
    },
    true,
  );
}

export function startPhotos(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("[data-photos]").forEach(attach);
}
