// Hands an act to the desk: an account in words and its photos, shared or saved, so that a colleague enters it in the office pages.
import type { Command } from "@anlan/core";
import { app } from "../state/app";
import { t, word } from "../words";
import { factsOf } from "./brief";

export async function handOver(command: Command): Promise<"shared" | "saved" | "cancelled"> {
  const lines = [
    t("desk.title"),
    command.label,
    `${word("act", command.kind)} · ${command.id}`,
    ...factsOf(command).map(([label, value]) => `${label}：${value}`),
    command.detail && `${t("letter.now")}：${command.detail}`,
    ...command.photos.map((hash) => `SHA-256 ${hash}`),
  ].filter(Boolean);
  const text = new File([lines.join("\n")], `${command.id}.txt`, { type: "text/plain" });
  const photos = command.photos.flatMap((hash) => {
    const photo = app.photos.get(hash);
    return photo?.blob ? [new File([photo.blob], photo.name, { type: photo.type })] : [];
  });
  const files = [text, ...photos];
  if (typeof navigator.canShare === "function" && navigator.canShare({ files })) {
    try {
      await navigator.share({ title: t("desk.title"), files });
      return "shared";
    } catch {
      return "cancelled";
    }
  }
  for (const file of files) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
  return "saved";
}
