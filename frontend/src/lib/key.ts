// One key per form instance: the server takes a retry with the same key as the same act.
// crypto.randomUUID exists only on https and in newer browsers; county intranets have neither for sure.
export function uuid(random: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
  const bytes = random(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function giveKeys(root: ParentNode, fresh = false): void {
  root.querySelectorAll<HTMLFormElement>("form[method=post]").forEach((form) => {
    let input = form.querySelector<HTMLInputElement>("input[name=idempotency_key]");
    if (!input) {
      input = document.createElement("input");
      input.type = "hidden";
      input.name = "idempotency_key";
      form.append(input);
    }
    if (fresh || !input.value) input.value = uuid();
  });
}
