// WeChat asks for the person's consent before the first private function (camera, place, phone number); the popup is ours to show.
type Resolve = (how: { event: "agree" | "disagree" | "exposureAuthorization"; buttonId?: string }) => void;

let waiting: Resolve[] = [];
let show: (() => void) | null = null;

export function watchPrivacy(): void {
  wx.onNeedPrivacyAuthorization?.((resolve: unknown) => {
    waiting.push(resolve as Resolve); // the typings call it a result
    if (show) show();
    else answer({ event: "disagree" }); // no page with the popup is open: nothing may be asked behind its back
  });
}

/** The page on top shows the popup; it says so when it is shown, and no longer when it goes. */
export function onAsked(open: () => void): () => void {
  show = open;
  return () => {
    if (show === open) show = null;
  };
}

export function answer(how: { event: "agree" | "disagree"; buttonId?: string }): void {
  const all = waiting;
  waiting = [];
  all.forEach((resolve) => resolve(how));
}

export const exposed = (): void => waiting.forEach((resolve) => resolve({ event: "exposureAuthorization" }));
