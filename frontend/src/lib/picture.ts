// The pictures on the map, drawn here so that no letters are fetched from anywhere: a ring with its number, a point's shape.
import tokens from "../../tokens.json";
import { RISKS, fillOf, radius, short, trace, type Picture, type Risk } from "./mapping";

const color = tokens.color as Record<string, string>;
const WHITE = "#ffffff";
const RING = 6; // pixels of a ring's breadth
const POINT = 8; // pixels from a point's middle to its edge

export const sizeOf = (picture: Picture): number => ((picture.kind === "cell" ? radius(picture.total) : POINT) + 2) * 2;

export function draw(pen: CanvasRenderingContext2D, picture: Picture, chinese: boolean): void {
  const middle = sizeOf(picture) / 2;
  pen.lineJoin = "round";
  if (picture.kind === "cell") cell(pen, picture, middle, chinese);
  else point(pen, picture.risk, middle);
}

// A white disc in a ring of the colours by their shares, the worst first from the top; the number, and under it the shape of the worst.
function cell(pen: CanvasRenderingContext2D, picture: Extract<Picture, { kind: "cell" }>, middle: number, chinese: boolean): void {
  const r = radius(picture.total);
  disc(pen, middle, r + 1, WHITE);
  const whole = picture.parts.reduce((sum, one) => sum + one, 0) || 1;
  const colours = picture.parts.filter(Boolean).length;
  let from = -Math.PI / 2;
  picture.parts.forEach((one, at) => {
    if (!one) return;
    const to = from + (one / whole) * Math.PI * 2;
    pen.beginPath();
    pen.arc(middle, middle, r - RING / 2, from, to);
    pen.lineWidth = RING;
    pen.strokeStyle = fillOf(RISKS[at] as Risk);
    pen.stroke();
    if (colours > 1) gap(pen, middle, r, from);
    from = to;
  });
  const ink = color["grey-900"] ?? "";
  pen.fillStyle = ink;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `600 ${r < 18 ? 10 : 12}px sans-serif`;
  pen.fillText(short(picture.total, chinese), middle, middle - 2);
  pen.beginPath();
  trace(pen, picture.worst, middle, middle + r * 0.42, 2.8);
  if (picture.worst === "none") {
    pen.lineWidth = 1.2;
    pen.strokeStyle = ink;
    pen.stroke();
  } else pen.fill();
}

// Parts are told apart by a gap too, not by colour alone.
function gap(pen: CanvasRenderingContext2D, middle: number, r: number, angle: number): void {
  pen.beginPath();
  pen.moveTo(middle + Math.cos(angle) * (r - RING), middle + Math.sin(angle) * (r - RING));
  pen.lineTo(middle + Math.cos(angle) * r, middle + Math.sin(angle) * r);
  pen.lineWidth = 1.5;
  pen.strokeStyle = WHITE;
  pen.stroke();
}

function disc(pen: CanvasRenderingContext2D, middle: number, r: number, fill: string): void {
  pen.beginPath();
  pen.arc(middle, middle, r, 0, Math.PI * 2);
  pen.fillStyle = fill;
  pen.fill();
}

function point(pen: CanvasRenderingContext2D, risk: Risk, middle: number): void {
  pen.beginPath();
  trace(pen, risk, middle, middle, POINT * 0.78);
  pen.fillStyle = risk === "none" ? WHITE : fillOf(risk);
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = risk === "none" ? fillOf("none") : WHITE;
  pen.stroke();
}
