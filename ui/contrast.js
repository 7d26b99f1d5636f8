// Compares colours that stand on each other in the built styles, light and dark, with what
// WCAG 2.2 AA asks for: 4.5 for text (1.4.3), 3 for the edges of controls and signs (1.4.11).

const TEXT = 4.5
const EDGE = 3

/** What stands on what. Names are those of custom properties, without the hyphens before them. */
const PAIRS = [
  ["govuk-text-colour", "govuk-body-background-colour", TEXT],
  ["govuk-text-colour", "govuk-template-background-colour", TEXT],
  ["govuk-text-colour", "bluelamp-tint-colour", TEXT],
  ["govuk-text-colour", "bluelamp-hover-colour", TEXT],
  ["govuk-secondary-text-colour", "govuk-body-background-colour", TEXT],
  ["govuk-secondary-text-colour", "bluelamp-tint-colour", TEXT],
  ["govuk-inverse-text-colour", "govuk-brand-colour", TEXT],
  ["govuk-inverse-text-colour", "govuk-success-colour", TEXT],
  ["govuk-body-background-colour", "govuk-link-colour", TEXT],
  ["govuk-surface-text-colour", "govuk-surface-background-colour", TEXT],
  ["govuk-link-colour", "govuk-body-background-colour", TEXT],
  ["govuk-link-colour", "govuk-surface-background-colour", TEXT],
  ["govuk-link-colour", "bluelamp-tint-colour", TEXT],
  ["govuk-link-visited-colour", "govuk-body-background-colour", TEXT],
  ["govuk-link-hover-colour", "govuk-body-background-colour", TEXT],
  ["govuk-link-active-colour", "govuk-body-background-colour", TEXT],
  ["govuk-focus-text-colour", "govuk-focus-colour", TEXT],
  ["govuk-error-colour", "govuk-body-background-colour", TEXT],
  ["bluelamp-green-colour", "govuk-body-background-colour", TEXT],
  ["bluelamp-purple-colour", "govuk-body-background-colour", TEXT],
  ["bluelamp-button-text-colour", "bluelamp-button-colour", TEXT],
  ["bluelamp-button-text-colour", "bluelamp-button-hover-colour", TEXT],
  ["bluelamp-button-text-colour", "bluelamp-warning-button-colour", TEXT],
  ["bluelamp-button-text-colour", "bluelamp-warning-button-hover-colour", TEXT],
  ["bluelamp-header-text-colour", "bluelamp-header-colour", TEXT],
  ["bluelamp-practice-text-colour", "bluelamp-practice-colour", TEXT],
  ["govuk-brand-colour", "govuk-body-background-colour", EDGE],
  ["govuk-success-colour", "govuk-body-background-colour", EDGE],
  ["govuk-input-border-colour", "govuk-body-background-colour", EDGE],
  ["bluelamp-button-colour", "govuk-body-background-colour", EDGE],
  ["bluelamp-warning-button-colour", "govuk-body-background-colour", EDGE],
  ["bluelamp-warning-sign-colour", "govuk-body-background-colour", EDGE],
  ["bluelamp-lamp-colour", "bluelamp-header-colour", EDGE]
]

function channel(octet) {
  const part = octet / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}

function luminance(colour) {
  const long = colour.length === 4 ? colour.replace(/[0-9a-f]/g, "$&$&") : colour
  const [red, green, blue] = [1, 3, 5].map((at) => channel(parseInt(long.slice(at, at + 2), 16)))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function ratio(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** The colours among the custom properties of a piece of CSS; of two of one name the later. */
function colours(css) {
  const named = { black: "#000000", white: "#ffffff", yellow: "#ffff00" }
  const found = [...css.matchAll(/--((?:govuk|bluelamp)-[a-z-]+-colour):\s*(#[0-9a-f]{3,6}|[a-z]+)/g)]
  return Object.fromEntries(found.map(([, name, value]) => [name, named[value] ?? value]))
}

function failures(scheme, palette) {
  return PAIRS.flatMap(([above, below, least]) => {
    if (!palette[above] || !palette[below]) return [`${scheme}: ${above} or ${below} is no colour`]
    const found = ratio(palette[above], palette[below])
    if (found >= least) return []
    return [`${scheme}: ${above} on ${below} has contrast ${found.toFixed(2)}, and ${least} is needed`]
  })
}

/** The rules for the whole page, which hold what is not said for a part of it alone. */
function roots(css) {
  return [...css.matchAll(/:root\{[^}]*\}/g)].join("\n")
}

/** Throws where two colours of the styles that stand on each other are too alike. */
export function checkContrast(css) {
  const screen = css.replace(/@media print\{:root\{[^}]*\}\}/g, "")
  const dark = screen.match(/@media screen and \(prefers-color-scheme: ?dark\)\{:root\{[^}]*\}/)?.[0] ?? ""
  const light = colours(roots(screen.replace(dark, "")))
  const wrong = [...failures("light", light), ...failures("dark", { ...light, ...colours(dark) })]
  if (wrong.length > 0) throw new Error(`colours too alike for WCAG 2.2 AA:\n${wrong.join("\n")}`)
}
