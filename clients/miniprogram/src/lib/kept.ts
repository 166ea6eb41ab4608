// What outlives a killed app: WeChat's storage, written at once. 10 MB in all, 1 MB a key; photos lie in files.
const PREFIX = "anlan.";

export function kept<Value>(key: string, otherwise: Value): Value {
  try {
    const found: unknown = wx.getStorageSync(PREFIX + key);
    return found === "" || found === undefined || found === null ? otherwise : (found as Value);
  } catch {
    return otherwise;
  }
}

/** Throws when the storage is full: whoever writes says so to the person. */
export const keep = (key: string, value: unknown): void => wx.setStorageSync(PREFIX + key, value);

export const forget = (key: string): void => wx.removeStorageSync(PREFIX + key);
