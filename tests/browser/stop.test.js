// A stop and search of a child with a more thorough search: the form asks for what applies, and is saved
// only with the places.

import assert from "node:assert/strict"
import { story } from "./support/story.js"
import { isSound } from "./support/judged.js"

const named = (name) => `[name="${name}"]`
const inner = (name) => named(`more-thorough-search[1].${name}`)
const choice = (selector, value) => `${selector}[value="${value}"]`
const save = (page) => page.click(".govuk-button:has-text('Save'):visible")

async function tellsOfAChild(page) {
  await page.goto("/new/stop-and-search")
  await page.check(choice(named("search-type"), "person"))
  await page.selectOption(named("power"), "pace-s1")
  await page.selectOption(named("object"), "drugs")
  await page.fill(named("grounds"), "Seen to pass a small packet.")
  await page.selectOption(named("self-defined-ethnicity"), "not-held:declined")
  await page.fill(named("age"), "15")
  await page.check(choice(named("more-than-outer"), "yes"))
}

async function tellsOfTheSearch(page) {
  await page.check(choice(inner("intimate-parts-exposed"), "no"))
  await page.selectOption(inner("location-kind"), { index: 1 })
  await page.fill(inner("reason"), "Small objects hidden in clothing")
  await page.fill(inner("found"), "Nothing")
}

story("a stop of a child with a more thorough search is refused without a place, and kept with one", async (as) => {
  const page = await as("officer")
  await tellsOfAChild(page)
  await tellsOfTheSearch(page)
  await save(page)
  const summary = page.locator(".govuk-error-summary")
  assert.match(await summary.textContent(), /Give the place where the child was searched/)
  assert.ok(await summary.evaluate((element) => element.contains(document.activeElement)), "it is read at once")
  await isSound(page)
  assert.equal(await page.inputValue(named("grounds")), "Seen to pass a small packet.")
  await summary.locator("a", { hasText: "place" }).first().click()
  assert.equal(await page.evaluate(() => document.activeElement.name), "place.words")
  await page.fill(named("place.words"), "The alley behind 14 Albert Road")
  await save(page)
  await page.waitForURL("**/records/SS-*")
  const said = await page.textContent("main")
  for (const words of ["Saved.", "The alley behind 14 Albert Road", "Small objects hidden in clothing"]) {
    assert.ok(said.includes(words), words)
  }
  await isSound(page)
})

story("the form of a stop asks only for what applies", async (as) => {
  const page = await as("officer")
  await page.goto("/new/stop-and-search")
  const shown = (selector) => page.locator(selector).first().isVisible()
  assert.equal(await shown(named("vrm")), false)
  await page.check(choice(named("search-type"), "vehicle"))
  assert.equal(await shown(named("vrm")), true)
  await page.check(choice(named("search-type"), "person"))
  assert.equal(await shown(named("vrm")), false)
  assert.equal(await shown(inner("reason")), false)
  await page.check(choice(named("more-than-outer"), "yes"))
  assert.equal(await shown(inner("reason")), true)
  assert.equal(await shown(choice(inner("appropriate-adult-present"), "yes")), false)
  await page.click("summary:has-text('More about this more thorough search')")
  await page.fill(inner("subject-age"), "15")
  assert.equal(await shown(choice(inner("appropriate-adult-present"), "yes")), true)
})

story("without scripts the form of a stop asks for everything, and is judged the same", async (as) => {
  const page = await as("officer", { javaScriptEnabled: false })
  await tellsOfAChild(page)
  assert.ok(await page.locator(named("vrm")).isVisible())
  await save(page)
  assert.match(await page.textContent(".govuk-error-summary"), /Give the place where the child was searched/)
})
