// What every page and part has: its words in the person's language, larger type where wanted, and a calm word when something fails.
import { NoAnswer, Refused } from "@anlan/core/api";
import { Wait } from "@anlan/core/citizen";
import { WxFailed, wasCancelled } from "./ask";
import { prefs } from "./prefs";
import { isSignedOut } from "./server";
import { say, wordsOf, type Group } from "../words";

interface Spoken {
  t: Record<string, string>;
  large: boolean;
  english: boolean;
}

/** What a method sees as `this`. */
export type Here<Data, Own> = Own & {
  data: Data & Spoken;
  setData(change: Partial<Data> & Record<string, unknown>, done?: () => void): void;
  triggerEvent(name: string, detail?: unknown): void;
};

interface PageSpec<Data, Own> {
  words: Group;
  data: Data;
  methods: Own & ThisType<Here<Data, Own>>;
}

interface PartSpec<Data, Own> extends PageSpec<Data, Own> {
  properties: Record<string, unknown>;
  observers?: Record<string, (...given: never[]) => void> & ThisType<Here<Data & Record<string, unknown>, Own>>;
  attached?(): void;
  detached?(): void;
}

const spoken = (group: Group): Spoken => ({ t: wordsOf(group), large: prefs().large, english: prefs().language === "en" });

interface Raw {
  setData(change: Record<string, unknown>): void;
  data: Spoken;
}

/** A person may change the language on another page: looked at each time a page is shown. */
function speak(here: Raw, group: Group): void {
  const now = spoken(group);
  if (now.english !== here.data.english || now.large !== here.data.large) here.setData({ ...now });
}

const construct = Component as (options: unknown) => void;

export function definePage<Data extends object, Own extends object>({ words, data, methods }: PageSpec<Data, Own>): void {
  const { onShow } = methods as { onShow?: () => unknown };
  construct({
    options: { styleIsolation: "shared" },
    data: { ...data, ...spoken(words) },
    methods: {
      ...methods,
      onShow(this: Raw) {
        speak(this, words);
        wx.setNavigationBarTitle({ title: wordsOf(words)["title"] ?? "" });
        return onShow?.call(this);
      },
    },
  });
}

export function definePart<Data extends object, Own extends object>({ words, data, methods, properties, observers, attached, detached }: PartSpec<Data, Own> & ThisType<Here<Data & Record<string, unknown>, Own>>): void {
  construct({
    options: { addGlobalClass: true },
    properties,
    data: { ...data, ...spoken(words) },
    methods,
    ...(observers ? { observers } : {}),
    lifetimes: {
      attached(this: Raw) {
        speak(this, words);
        attached?.call(this);
      },
      detached,
    },
    pageLifetimes: {
      show(this: Raw) {
        speak(this, words);
      },
    },
  });
}

/** What went wrong, in words for its person; nothing when they closed something themselves. */
export function troubleOf(trouble: unknown): string {
  if (wasCancelled(trouble)) return "";
  if (trouble instanceof Wait) return trouble.message || say("common", "wait", { n: Math.max(1, Math.ceil(trouble.seconds / 60)) });
  if (trouble instanceof Refused) return trouble.errors.map((one) => one.message).find(Boolean) ?? (trouble.detail || say("common", "refused"));
  if (isSignedOut(trouble)) return say("common", "signed_out");
  if (trouble instanceof NoAnswer) return say("common", "no_answer");
  if (trouble instanceof WxFailed && trouble.denied) return say("common", "denied");
  return say("common", "failed");
}

export function tellTrouble(trouble: unknown): void {
  const title = troubleOf(trouble);
  if (title) wx.showToast({ title, icon: "none", duration: 3000 });
}

export const tellDone = (title: string): void => void wx.showToast({ title, icon: "none" });

export const sure = (content: string, confirmText: string): Promise<boolean> =>
  new Promise((resolve) =>
    wx.showModal({ title: "", content, confirmText, cancelText: say("common", "cancel"), success: ({ confirm }) => resolve(confirm), fail: () => resolve(false) }),
  );

/** Until it is read: what is said only once. */
export const told = (title: string, content: string, confirmText: string): Promise<void> =>
  new Promise((resolve) => wx.showModal({ title, content, confirmText, showCancel: false, complete: () => resolve() }));

/** A page's event, as far as we read it. */
export interface Touched {
  currentTarget: { dataset: Record<string, string> };
}

export interface Typed {
  detail: { value: string };
}
