// Where it is. WeChat gives GCJ-02; the server is told so and turns it into WGS 84 itself.
import { ask } from "./ask";

export interface Spot {
  lon: number;
  lat: number;
  accuracy_m: number | null;
  how: "position" | "map";
}

const sixPlaces = (value: number): number => Number(value.toFixed(6));

export async function locate(): Promise<Spot> {
  const found = await ask<WechatMiniprogram.GetLocationSuccessCallbackResult>((ends) =>
    wx.getLocation({ type: "gcj02", isHighAccuracy: true, highAccuracyExpireTime: 4000, ...ends }),
  );
  return { lon: sixPlaces(found.longitude), lat: sixPlaces(found.latitude), accuracy_m: Math.round(found.accuracy), how: "position" };
}

export async function choose(near: Spot | null): Promise<{ spot: Spot; address: string }> {
  const found = await ask<WechatMiniprogram.ChooseLocationSuccessCallbackResult>((ends) =>
    wx.chooseLocation({ ...(near ? { longitude: near.lon, latitude: near.lat } : {}), ...ends }),
  );
  const address = [found.address, found.name].filter((one, at, all) => one && all.indexOf(one) === at).join(" ");
  return { spot: { lon: sixPlaces(Number(found.longitude)), lat: sixPlaces(Number(found.latitude)), accuracy_m: null, how: "map" }, address };
}
