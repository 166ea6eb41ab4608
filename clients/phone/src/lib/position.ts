// The device's own position (WGS 84). Asked for at arrival; photos and findings take the last one while it is fresh.
export interface Position {
  lon: number;
  lat: number;
  accuracy_m: number;
  at: number;
}

const FRESH_MS = 5 * 60_000;
let last: Position | null = null;

export const lastPosition = (): Position | null => (last && Date.now() - last.at < FRESH_MS ? last : null);

export function locate(): Promise<Position> {
  return new Promise((resolve, reject) => {
    if (!("geolocation" in navigator)) {
      reject(new Error("none"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        last = { lon: Number(coords.longitude.toFixed(6)), lat: Number(coords.latitude.toFixed(6)), accuracy_m: Math.round(coords.accuracy), at: Date.now() };
        resolve(last);
      },
      reject,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  });
}

/** Asks again only where the person has allowed it before: no question pops up in the middle of a photo. */
export async function keepFresh(): Promise<void> {
  try {
    const { state } = await navigator.permissions.query({ name: "geolocation" });
    if (state === "granted" && !lastPosition()) await locate();
  } catch {
    // No position then; a finding does not need one.
  }
}

export function metresBetween(one: { lon: number; lat: number }, other: { lon: number; lat: number }): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const a =
    Math.sin(radians(other.lat - one.lat) / 2) ** 2 + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * Math.sin(radians(other.lon - one.lon) / 2) ** 2;
  return Math.round(2 * 6_371_000 * Math.asin(Math.sqrt(a)));
}
