// What every page must keep to: WCAG 2.2 AA as far as a program can tell, and no sideways scrolling at
// the widths of a small phone, a tablet and a desk.

import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] }

const WIDTHS = [320, 768, 1200]

const violations = async (page) => {
  await page.evaluate(AXE)
  const found = await page.evaluate((rules) => window.axe.run(document, rules), RULES)
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary.replaceAll("\n", " ")})`),
  )
}

const overflow = (page) =>
  page.evaluate(() => {
    const wide = document.scrollingElement.scrollWidth
    if (wide <= window.innerWidth) return []
    const outside = [...document.querySelectorAll("main *, header *, footer *")].filter(
      (element) => element.getBoundingClientRect().right > window.innerWidth + 1,
    )
    return [`${wide} pixels wide in ${window.innerWidth}: ${outside.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)).join(" | ")}`]
  })

/** What is wrong with the page that is open: in light, in dark, and at each width. */
export async function faults(page) {
  const window = page.viewportSize()
  const found = []
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme })
    found.push(...(await violations(page)).map((said) => `${colorScheme}: ${said}`))
  }
  await page.emulateMedia({ colorScheme: null })
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 640 })
    found.push(...(await overflow(page)))
  }
  await page.setViewportSize(window)
  return found.map((said) => `${new URL(page.url()).pathname}: ${said}`)
}

/** Fails where anything is wrong with the page that is open. */
export async function isSound(page) {
  assert.deepEqual(await faults(page), [])
}
