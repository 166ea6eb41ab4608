// Words come translated from the page (components/words.html); a missing one shows its key rather than nothing.
let words: Record<string, string> | null = null;

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export function say(key: string, values: Record<string, string | number> = {}): string {
  if (words === null) {
    const holder = document.getElementById("anlan-words");
    words = holder ? (JSON.parse(holder.textContent ?? "{}") as Record<string, string>) : {};
  }
  return fill(words[key] ?? key, values);
}
