// Answers as a list, a table and a map, by the keyboard and without scripts.

import assert from "node:assert/strict"
import { story } from "./support/story.js"
import { isSound } from "./support/judged.js"

/** A search that many records of several kinds answer. */
async function searchesFor(page, query) {
  await page.goto("/search")
  await page.fill("#query", query)
  await page.press("#query", "Enter")
  await page.waitForURL("**/searches/*")
}

const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("href"))

story("the arrows lead from the box through the answers to a record", async (as) => {
  const page = await as("officer")
  await searchesFor(page, "kind:nominal OR kind:vehicle")
  const links = await page.locator("main [data-result]").evaluateAll((all) => all.map((link) => link.getAttribute("href")))
  assert.ok(links.length > 2)
  await page.focus("#query")
  await page.keyboard.press("ArrowDown")
  assert.equal(await focused(page), links[0])
  await page.keyboard.press("j")
  assert.equal(await focused(page), links[1])
  await page.keyboard.press("ArrowUp")
  assert.equal(await focused(page), links[0])
  await page.keyboard.press("Escape")
  assert.equal(await page.evaluate(() => document.activeElement.id), "query")
  await page.keyboard.type("jk")
  assert.match(await page.inputValue("#query"), /jk/, "letters in the box are letters")
  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("Enter")
  await page.waitForURL(`**${links[0]}`)
})

story("answers are narrowed, sorted in a table and seen on a map", async (as) => {
  const page = await as("officer")
  await searchesFor(page, "kind:stop-and-search OR kind:crime")
  await isSound(page)
  await page.check("[name=kind][value=crime]")
  await page.click("button:has-text('Apply filters')")
  await page.waitForURL("**kind=crime**")
  assert.match(await page.textContent(".moj-filter__selected"), /Crimes/)
  await page.click(".moj-sub-navigation a:has-text('Table')")
  await page.click("th a:has-text('When')")
  assert.equal(await page.getAttribute("th:has-text('When')", "aria-sort"), "ascending")
  await isSound(page)
  await page.click(".moj-sub-navigation a:has-text('Map')")
  const marks = page.locator(".bluelamp-map__mark")
  assert.ok((await marks.count()) > 0, "some crimes have a place")
  await isSound(page)
  await marks.first().focus()
  const href = await focused(page)
  await page.keyboard.press("Enter")
  await page.waitForURL((url) => (href.startsWith("#") ? url.hash === href : url.pathname === href))
})

story("without scripts a map and its list lead to records", async (as) => {
  const page = await as("officer", { javaScriptEnabled: false })
  await searchesFor(page, "kind:crime")
  await page.click(".moj-sub-navigation a:has-text('Map')")
  await page.click(".bluelamp-places a[href^='/records/']")
  await page.waitForURL("**/records/*")
})

story("the advanced form writes the query into the box, and says where it cannot be read", async (as) => {
  const page = await as("officer")
  await page.goto("/search/advanced")
  await isSound(page)
  await page.fill('[name="near.place"]', "nowhere")
  await page.click("main button:has-text('Search')")
  assert.match(await page.textContent(".govuk-error-summary"), /latitude/i)
  await isSound(page)
  await page.fill('[name="near.place"]', "")
  await page.check("[name=kinds][value=crime]")
  await page.fill('[name="happened.from"]', "2020")
  await page.click("main button:has-text('Search')")
  await page.waitForURL("**/searches/*")
  assert.equal(await page.inputValue("#query"), '(kind:"crime") happened:>=2020')
})
