// Leaving a page with typed words asks first.
const dirty = (): boolean => document.querySelector("form[data-guard][data-touched]") !== null;

export function startGuard(): void {
  document.addEventListener("input", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-guard]");
    if (form) form.dataset.touched = "1";
  });
  document.addEventListener("submit", (event) => {
    delete (event.target as HTMLFormElement).dataset.touched;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!dirty()) return;
    event.preventDefault();
    event.returnValue = "";
  });
}
