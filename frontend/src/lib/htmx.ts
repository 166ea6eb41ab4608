// htmx 4 (base.html sets no settle delay: settling copies style attributes, which the content policy refuses): every status swaps its answer in place. What remains for us: the CSRF header, the side panel, whole pages that come
// where a fragment was awaited, and words when no answer comes at all.
import htmx from "htmx.org";
import { closePanel, panel, showPanelLoading } from "./dialogs";
import { forgetDraft } from "./draft";
import { giveKeys } from "./key";
import { carry, toast } from "./toast";
import { isWholePage } from "./text";
import { say } from "./words";

type Context = {
  sourceElement: HTMLElement;
  target: HTMLElement | null;
  text: string;
  swap: string;
  request: { headers: Record<string, string>; method: string; signal?: AbortSignal };
  response?: { status: number; raw: Response; headers: Headers };
};

// htmx's own types speak of any Element; its requests here always come from HTML ones.
const detailOf = (event: Event): { ctx: Context; error?: Error } => (event as unknown as { detail: { ctx: Context; error?: Error } }).detail;

const inPanel = (ctx: Context): boolean => ctx.target?.id === "panel-body";

// A form page shows in the panel as it is: only its part marked data-panel-content is taken, and its posts stay in the panel.
export function dressPanel(body: HTMLElement): void {
  body.querySelectorAll<HTMLFormElement>("form[method=post]:not([hx-post]):not([data-full])").forEach((form) => {
    form.setAttribute("hx-post", form.getAttribute("action") || location.pathname);
    form.setAttribute("hx-target", "#panel-body");
    htmx.process(form);
  });
}

function onAnswer(event: Event): void {
  const { ctx } = detailOf(event);
  const response = ctx.response;
  if (!response) return;
  const whole = isWholePage(ctx.text);
  const page = whole ? new DOMParser().parseFromString(ctx.text, "text/html") : null;
  const form = ctx.sourceElement.closest("form");
  if (response.status < 400 && form && ctx.request.method !== "GET" && !(page && page.querySelector(".has-error"))) {
    if (response.raw.redirected || response.headers.has("HX-Redirect") || response.headers.has("HX-Refresh") || !/<form/i.test(ctx.text)) {
      forgetDraft(form);
      delete form.dataset.touched;
    }
  }
  if (!page) return;
  if (response.status < 400 && response.raw.redirected && ctx.request.method !== "GET") {
    // A verb that ended in a redirect: go there, and take the messages along.
    carry(page);
    event.preventDefault();
    if (response.raw.url.split("#")[0] === location.href.split("#")[0]) location.reload();
    else location.assign(response.raw.url);
    return;
  }
  const part = page.querySelector<HTMLElement>(response.status >= 400 ? "[data-panel-content], [data-error]" : "[data-panel-content]");
  if (part) {
    ctx.text = part.outerHTML;
    if (response.status >= 400 && !inPanel(ctx) && part.matches("[data-error]")) {
      const body = document.getElementById("panel-body");
      if (body) {
        ctx.target = body;
        ctx.swap = "innerHTML";
        showPanelLoading();
      }
    }
    return;
  }
  // Signed out meanwhile, or a page with no part for us: show it as a page.
  event.preventDefault();
  location.assign(response.raw.redirected ? response.raw.url : ctx.sourceElement.getAttribute("href") || location.href);
}

export function startHtmx(ready: (root: ParentNode) => void): void {
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = detailOf(event);
    if (ctx.request.method === "GET") return;
    const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content;
    if (token) ctx.request.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = detailOf(event);
    if (inPanel(ctx)) showPanelLoading();
  });
  document.addEventListener("htmx:after:request", onAnswer);
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = detailOf(event);
    const root = ctx.target?.isConnected ? ctx.target : document.body;
    giveKeys(root);
    ready(root);
    const body = document.getElementById("panel-body");
    if (body && inPanel(ctx)) {
      dressPanel(body);
      (body.querySelector<HTMLElement>("[data-focus]") ?? body.querySelector<HTMLElement>("[autofocus], input:not([type=hidden]), select, textarea, button"))?.focus();
    }
  });
  document.addEventListener("htmx:error", (event) => {
    const { ctx, error } = detailOf(event);
    if (!ctx) return;
    if (inPanel(ctx) && !ctx.target?.querySelector("form")) closePanel();
    toast(say(ctx.request.signal?.aborted || error?.name === "AbortError" ? "timeout" : "offline"), "error");
  });
  document.addEventListener("panel:close", closePanel);
  panel()?.addEventListener("close", () => document.getElementById("panel-body")?.replaceChildren());
}
