// The fold is a cookie, so that the server draws the page folded at once and nothing jumps.
export function foldMenu(): void {
  const folded = document.body.classList.toggle("is-folded");
  document.cookie = `menu=${folded ? "folded" : "open"}; path=/; max-age=31536000; samesite=lax`;
}

export function startMenu(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-menu-fold]")) foldMenu();
    if (target.closest("[data-menu-open]")) document.body.classList.add("menu-shown");
    if (target.closest("[data-menu-close]")) document.body.classList.remove("menu-shown");
    target.closest("[data-filter-toggle]")?.closest("[data-filter]")?.classList.toggle("is-open");
    // A folded menu has no room for sub-items: unfold first.
    if (target.closest(".menu-group > summary") && document.body.classList.contains("is-folded") && window.innerWidth > 900) foldMenu();
    document.querySelectorAll<HTMLDetailsElement>("details.drop[open]").forEach((drop) => {
      if (!drop.contains(target)) drop.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.body.classList.remove("menu-shown");
    document.querySelectorAll<HTMLDetailsElement>("details.drop[open]").forEach((drop) => {
      drop.open = false;
      drop.querySelector("summary")?.focus();
    });
  });
}
