// WeChat's subscribe messages: each acceptance is worth one message, so it is asked for where one is about to come.
import { ask } from "./ask";
import { keep, kept } from "./kept";
import { citizen } from "./server";

const FOR = { report: ["report.answered", "reward.claimable"], reward: ["reward.paid", "reward.reminder"] } as const;
type Moment = keyof typeof FOR;

/** Name of the message and the id of the template the city has for it. */
type Template = [name: string, id: string];

/** Which there are is asked with an account; a tap has no time to ask, so the last answer is kept. */
export async function refreshMessages(): Promise<void> {
  const { templates } = await citizen.templates();
  keep("templates", templates);
}

function templatesFor(moment: Moment): Template[] {
  const there = kept<Record<string, string>>("templates", {});
  return FOR[moment].map((name): Template => [name, there[name] ?? ""]).filter(([, id]) => id);
}

export const hasMessages = (moment: Moment): boolean => templatesFor(moment).length > 0;

/** Must be called right from a tap. The server is told each answer. How many were accepted. */
export async function acceptMessages(moment: Moment): Promise<number> {
  const asked = templatesFor(moment);
  const answers = await ask<WechatMiniprogram.RequestSubscribeMessageSuccessCallbackResult>((ends) => wx.requestSubscribeMessage({ tmplIds: asked.map(([, id]) => id), ...ends }));
  let accepted = 0;
  for (const [name, id] of asked) {
    const answer: unknown = answers[id];
    if (answer === "accept") accepted += 1;
    if (answer) await citizen.accept(name, answer === "accept");
  }
  return accepted;
}
