// The signature pad is needed on few pages and may arrive inside a panel: its script is fetched when a pad is seen.
export function loadOnDemand(root: ParentNode): void {
  const pad = root.querySelector<HTMLElement>("[data-signature]");
  if (!pad) return;
  const src = pad.dataset.src ?? "";
  if (!document.querySelector("script[data-signature-script]")) {
    const script = document.createElement("script");
    script.src = src;
    script.dataset.signatureScript = "";
    document.head.append(script);
  }
  document.dispatchEvent(new Event("signature:look"));
}
