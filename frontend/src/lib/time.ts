// Working days are counted by the server's calendar; the browser only ticks within the last day, where clock time is what counts.
import { say } from "./words";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export type Tick = { used: number | null; mood: "calm" | "soon" | "late"; clock: { h: number; m: number; late: boolean } | null };

export function tick(due: number, started: number | null, now: number): Tick {
  const left = due - now;
  const whole = started === null ? 0 : due - started;
  const used = left < 0 ? 100 : whole > 0 && started !== null ? Math.min(100, Math.max(0, Math.round((100 * (now - started)) / whole))) : null;
  const near = Math.abs(left) < DAY;
  const minutes = Math.floor(Math.abs(left) / MINUTE);
  return {
    used,
    mood: left < 0 ? "late" : left < DAY || (used ?? 0) >= 75 ? "soon" : "calm",
    clock: near ? { h: Math.floor(minutes / 60), m: minutes % 60, late: left < 0 } : null,
  };
}

export function tickAll(root: ParentNode = document, now = Date.now()): void {
  root.querySelectorAll<HTMLElement>(".time-left[data-due]:not(.time-done)").forEach((holder) => {
    const due = Date.parse(holder.dataset.due ?? "");
    if (Number.isNaN(due)) return;
    const started = holder.dataset.started ? Date.parse(holder.dataset.started) : null;
    const { used, mood, clock } = tick(due, started, now);
    const lateAlready = holder.classList.contains("time-late");
    holder.classList.remove("time-calm", "time-soon", "time-late");
    holder.classList.add(`time-${mood}`);
    const bar = holder.querySelector("progress");
    if (bar && used !== null) bar.value = used;
    const words = holder.querySelector("[data-words]");
    // A record that came late already keeps the server's count of working days.
    if (words && clock && !lateAlready) words.textContent = say(clock.late ? "hours_over" : "hours_left", { h: clock.h, m: clock.m });
  });
}
