// The page of a person on a phone at the door.

import assert from "node:assert/strict"
import { story } from "./support/story.js"
import { isSound } from "./support/judged.js"

async function typesDate(page, name, parts) {
  for (const [at, part] of ["day", "month", "year"].entries()) {
    await page.fill(`[name="${name}-${part}"]`, String(parts[at]))
  }
}

async function makesSomebodyWithWarnings(page) {
  await page.goto("/new/nominal")
  await page.fill('[name="names[1].forenames"]', "Ottoline")
  await page.fill('[name="names[1].surname"]', "Exampleby")
  await page.click("button:has-text('Look for it')")
  await isSound(page)
  await page.click("main button:has-text('ake a new one')")
  await page.click("summary:has-text('Warnings')")
  await page.selectOption('[name="warnings[1].marker"]', { label: "Violent" })
  await page.selectOption('[name="warnings[1].source"]', { index: 1 })
  await typesDate(page, "warnings[1].given", [4, 3, 2026])
  await typesDate(page, "warnings[1].review", [4, 3, 2036])
  await page.click(".govuk-button:has-text('Save'):visible")
  await page.waitForURL("**/records/N-*")
}

story("a person's warnings stand in the first screen of a phone", async (as) => {
  const page = await as("officer")
  await makesSomebodyWithWarnings(page)
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(new URL(page.url()).pathname)
  const warnings = page.locator(".bluelamp-warnings")
  assert.match(await warnings.textContent(), /Violent/)
  const { y, height } = await warnings.boundingBox()
  assert.ok(y + height <= 740, `the warnings end ${y + height} pixels down`)
  await isSound(page)
})
