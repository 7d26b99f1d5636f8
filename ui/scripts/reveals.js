// Shows what one answer of radios asks further. The design system's own way says `aria-expanded` of the
// radio, which no radio may have (ARIA 1.2); so what it would look for is taken before it looks.

const HIDDEN = "govuk-radios__conditional--hidden"

function show(radios) {
  for (const radio of radios.querySelectorAll("[data-reveals]")) {
    document.getElementById(radio.dataset.reveals).classList.toggle(HIDDEN, !radio.checked)
  }
}

/** Lets each group of radios show what its chosen answer reveals; to be called before the design system. */
export function revealFurther(page) {
  for (const radio of page.querySelectorAll('[type="radio"][data-aria-controls]')) {
    radio.dataset.reveals = radio.dataset.ariaControls
    delete radio.dataset.ariaControls
  }
  for (const radios of page.querySelectorAll('[data-module="govuk-radios"]')) {
    radios.addEventListener("change", () => show(radios))
    show(radios)
  }
}
