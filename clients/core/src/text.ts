// What the server makes of typed words (kernel/text.py), made here first: else the sheet the phone shows would have another digest.
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;
// Whole pairs are matched first and kept: older WebKit has no look-behind.
const PAIR_OR_LONE = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;
const LINE_END = /\r\n?|\u2028|\u2029|\u0085/g;
const SPACES = /[ \t\r\n\u00a0\u2028\u2029\u3000\u0085]+/g;
const EDGE = " \\t\\r\\n\\u00a0\\u200b\\u3000\\ufeff";
const AROUND = new RegExp(`^[${EDGE}]+|[${EDGE}]+$`, "g");
const BEHIND = new RegExp(`[${EDGE}]+$`);

// The server refuses what no keyboard types; here it is left out, as nobody could find it to mend it.
const fit = (text: string): string => text.replace(UNFIT, "").replace(PAIR_OR_LONE, (found) => (found.length === 2 ? found : "")).normalize("NFC");

/** One line: any run of spaces and line ends becomes one space. */
export const cleanLine = (text: string): string => fit(text.replace(SPACES, " ").replace(AROUND, ""));

/** Several lines: line ends become line feeds, trailing spaces go. */
export const cleanText = (text: string): string =>
  fit(
    text
      .replace(LINE_END, "\n")
      .split("\n")
      .map((line) => line.replace(BEHIND, ""))
      .join("\n")
      .replace(AROUND, ""),
  );

const PROSE = new Set(["description", "remark", "words", "summary", "reason", "excuse", "text"]);

/** A payload as the server will read it. */
export function cleanPayload<Value>(value: Value, key = ""): Value {
  if (typeof value === "string") return (PROSE.has(key) ? cleanText(value) : cleanLine(value)) as Value;
  if (Array.isArray(value)) return value.map((one: unknown) => cleanPayload(one, key)) as Value;
  if (value !== null && typeof value === "object") {
    // What a step of a hazard asks for has names of its own; some of it is long.
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleanPayload(one, key === "data" ? "text" : name)])) as Value;
  }
  return value;
}
