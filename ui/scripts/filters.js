// Lets a filter be hidden where it stands above its list.

function fold(panel, number) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "govuk-button govuk-button--secondary bluelamp-filter-toggle"
  panel.id ||= `filter-${number}`
  button.setAttribute("aria-controls", panel.id)

  const show = (shown) => {
    panel.classList.toggle("bluelamp-filter-folded", !shown)
    button.setAttribute("aria-expanded", String(shown))
    button.textContent = shown ? "Hide filters" : "Show filters"
  }
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") === "false"))
  show(false)
  panel.before(button)
}

/** Puts a button before each filter of the page. Only a narrow screen shows it, and folds by it. */
export function foldFilters(page) {
  page.querySelectorAll('[data-module="bluelamp-filter"]').forEach(fold)
}
