// The claim code as a picture for the album.
import { t } from "../words";

const [WIDTH, HEIGHT] = [900, 560];

export function pictureOf(code: string, number: string): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const pen = canvas.getContext("2d");
  if (!pen) return Promise.resolve(null);
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const write = (text: string, y: number, font: string, ink: string): void => {
    pen.font = font;
    pen.fillStyle = color(ink);
    pen.textAlign = "center";
    pen.fillText(text, WIDTH / 2, y, WIDTH - 80);
  };
  const sans = color("font-sans");
  pen.fillStyle = color("surface");
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = color("accent-strong");
  pen.fillRect(0, 0, WIDTH, 110);
  write(t("app.name"), 72, `600 44px ${sans}`, "ink-on-accent");
  write(t("claim.code"), 190, `36px ${sans}`, "ink-soft");
  write(code, 300, `700 84px ${color("font-mono")}`, "ink");
  write(number, 380, `34px ${sans}`, "ink-soft");
  write(t("claim.card"), 470, `30px ${sans}`, "ink-soft");
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
