// From the phone's own system to that of the base map (kernel/geo.py has the whole; here it only centres a map a person then moves).
import type { Spot } from "@anlan/core";

const AXIS = 6_378_245;
const ECCENTRICITY2 = 0.006_693_421_622_965_943;

export function toMapSystem({ lon, lat }: Pick<Spot, "lon" | "lat">, system: Spot["system"]): [number, number] {
  if (system === "wgs84") return [lon, lat];
  const { sin, cos, sqrt, abs, PI } = Math;
  const [x, y] = [lon - 105, lat - 35];
  const ripple = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const north =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple + ((20 * sin(y * PI) + 40 * sin((y * PI) / 3)) * 2) / 3 + ((160 * sin((y * PI) / 12) + 320 * sin((y * PI) / 30)) * 2) / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple + ((20 * sin(x * PI) + 40 * sin((x * PI) / 3)) * 2) / 3 + ((150 * sin((x * PI) / 12) + 300 * sin((x * PI) / 30)) * 2) / 3;
  const angle = (lat * PI) / 180;
  const magic = 1 - ECCENTRICITY2 * sin(angle) ** 2;
  return [lon + (east * 180) / ((AXIS / sqrt(magic)) * cos(angle) * PI), lat + (north * 180) / (((AXIS * (1 - ECCENTRICITY2)) / (magic * sqrt(magic))) * PI)];
}
