// Who reports: a WeChat account, or for an anonymous report a guest of whom nothing is known.
import { Refused } from "@anlan/core/api";
import type { Citizen } from "@anlan/core/citizen";
import { ask } from "./ask";
import { refreshMessages } from "./messages";
import { account, citizen, isSignedOut, setAccount, type Account } from "./server";

/** By WeChat, without a word; `phoneCode` comes from the button that shares the phone's number. What a guest did here becomes theirs. */
export async function signIn(phoneCode = ""): Promise<Account> {
  const { code } = await ask<WechatMiniprogram.LoginSuccessCallbackResult>((ends) => wx.login(ends));
  let found: Account;
  try {
    found = await citizen.wechat(code, phoneCode);
  } catch (trouble) {
    if (!isSignedOut(trouble) || !account()) throw trouble;
    setAccount(null); // an old token in the way of a new one
    found = await citizen.wechat(code, phoneCode);
  }
  setAccount(found);
  refreshMessages().catch(() => undefined); // a tap asks for them later, and has no time to
  return found;
}

export async function beGuest(): Promise<Account> {
  const found = await citizen.guestToken();
  setAccount(found);
  return found;
}

let entering: Promise<Account> | null = null;

/** The account a report goes under. An anonymous one never makes a signed-in account where there was none. One at a time. */
export async function ensure(anonymous = false): Promise<Account> {
  await entering?.catch(() => undefined);
  const found = account();
  if (found && (anonymous || !found.person.guest)) return found;
  entering ??= (anonymous ? beGuest() : signIn()).finally(() => (entering = null));
  await entering;
  return ensure(anonymous); // somebody else's turn may have been for a guest
}

/** Does `work`; when the token has run out, signs in anew and does it once more. */
export async function signedIn<Body>(work: () => Promise<Body>, anonymous = false): Promise<Body> {
  await ensure(anonymous);
  try {
    return await work();
  } catch (trouble) {
    if (!isSignedOut(trouble)) throw trouble;
    setAccount(null);
    await ensure(anonymous);
    return work();
  }
}

export async function refreshMe(): Promise<Citizen | null> {
  const found = account();
  if (!found) return null;
  try {
    const person = await citizen.me();
    setAccount({ ...found, person });
    return person;
  } catch (trouble) {
    if (!isSignedOut(trouble)) throw trouble;
    setAccount(null);
    return null;
  }
}

export async function signOut(): Promise<void> {
  try {
    await citizen.signOut();
  } catch (trouble) {
    // The token ends here whether the server knew of it or not; without a network it must still be known there.
    if (!isSignedOut(trouble) && !(trouble instanceof Refused)) throw trouble;
  }
  setAccount(null);
}
