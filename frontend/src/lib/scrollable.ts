// What is wider or longer than its place is scrolled by keys too, as long as it is: WCAG 2.1.1.
const PLACES = ".table-scroll, .paper";
const watched = new ResizeObserver((entries) => {
  for (const { target } of entries) settle(target as HTMLElement);
});

function settle(place: HTMLElement): void {
  const over = place.scrollWidth > place.clientWidth || place.scrollHeight > place.clientHeight;
  if (over) place.tabIndex = 0;
  else if (!place.hasAttribute("role")) place.removeAttribute("tabindex");
}

export function startScrollable(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLElement>(PLACES)) {
    settle(place);
    watched.observe(place);
  }
}
