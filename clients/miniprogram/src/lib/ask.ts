// WeChat's functions answer by callbacks; asked here, they answer by promise. A refusal keeps WeChat's own words in `message`.
export class WxFailed extends Error {
  /** The person closed what was opened. That is no trouble. */
  get cancelled(): boolean {
    return /cancel/i.test(this.message);
  }

  /** The person, or the phone, does not allow it. */
  get denied(): boolean {
    return /auth deny|auth denied|authorize|permission|privacy|SYSTEM_PERMISSION/i.test(this.message);
  }
}

interface Ends<Result> {
  success: (result: Result) => void;
  fail: (trouble: { errMsg?: string }) => void;
}

export function ask<Result>(begin: (ends: Ends<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    begin({ success: resolve, fail: (trouble) => reject(new WxFailed(trouble?.errMsg ?? "")) });
  });
}

export const wasCancelled = (trouble: unknown): boolean => trouble instanceof WxFailed && trouble.cancelled;
export const wasDenied = (trouble: unknown): boolean => trouble instanceof WxFailed && trouble.denied;
