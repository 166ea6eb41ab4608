// The city's server. Its address is set when the mini-program is built; WeChat allows no other (request 合法域名).
import { Api, SignInNeeded } from "@anlan/core/api";
import type { Citizen } from "@anlan/core/citizen";
import { forget, keep, kept } from "./kept";
import { wxFetch } from "./net";
import { prefs } from "./prefs";
import { work } from "./proof";
import { freshId } from "./random";
import { Service } from "./service";

export const ADDRESS: string = __ADDRESS__;

export interface Account {
  token: string;
  person: Citizen;
}

export const account = (): Account | null => kept<Account | null>("account", null);
export const setAccount = (found: Account | null): void => (found ? keep("account", found) : forget("account"));

/** A number this phone made for itself: whoever shares an address with many is not mistaken for a flood. */
function device(): string {
  const found = kept("device", "");
  if (found) return found;
  const made = freshId();
  keep("device", made);
  return made;
}

const language = (): string => (prefs().language === "en" ? "en" : "zh-hans");
export const api = new Api({ base: ADDRESS, bearer: () => account()?.token ?? "", fetch: wxFetch, language });
export const citizen = new Service(api, { device, prove: work });

/** An address that <image> takes: the server signs the paths of what only the person may see. */
export const shownAt = (path: string | null): string => (!path || /^https?:/.test(path) ? (path ?? "") : ADDRESS + path);

/** The token is no longer taken: signed out elsewhere, or run out. */
export const isSignedOut = (trouble: unknown): boolean => trouble instanceof SignInNeeded;
