// Finding somebody: as it was heard, by the keyboard alone, without scripts, and quickly.

import assert from "node:assert/strict"
import { story } from "./support/story.js"
import { isSound } from "./support/judged.js"

/** Somebody of the synthetic force, with a name long enough to be misspelt. */
async function anybody(page) {
  await page.goto("/kinds/nominal")
  const links = await page.locator("main table a").all()
  for (const link of links) {
    const [surname, forename] = (await link.textContent()).split(",")
    if (/^[A-Z]{6,}$/.test(surname) && forename) {
      const path = new URL(await link.getAttribute("href"), page.url()).pathname
      return { surname: surname.toLowerCase(), forename: forename.trim().split(" ")[0].toLowerCase(), path }
    }
  }
  throw new Error("nobody on the first page has a name that can be misspelt")
}

/** Two letters in the middle change places. */
const misspelt = (name) => {
  const letters = [...name]
  const at = letters.findIndex((letter, index) => index > 1 && letter !== letters[index + 1])
  return [...letters.slice(0, at), letters[at + 1], letters[at], ...letters.slice(at + 2)].join("")
}

async function findsMisspelt(page) {
  const { surname, forename, path } = await anybody(page)
  await page.goto("/search")
  const typed = `${forename} ${misspelt(surname)}`
  await page.fill("#query", typed)
  await page.press("#query", "Enter")
  await page.waitForURL("**/searches/*")
  assert.ok(!page.url().includes(forename), `the address names nobody: ${page.url()}`)
  await page.click(`main a[href="${path}"]`)
  assert.match((await page.textContent("h1")).toLowerCase(), new RegExp(surname))
}

story("a person is found by a misspelt name", async (as) => {
  const page = await as("officer")
  await findsMisspelt(page)
  await page.goBack()
  await isSound(page)
})

story("a person is found by a misspelt name without scripts", async (as) => {
  await findsMisspelt(await as("officer", { javaScriptEnabled: false }))
})

/** Goes from control to control until one that fits has the focus. */
async function tabsTo(page, selector) {
  for (let steps = 1; steps < 60; steps += 1) {
    await page.keyboard.press("Tab")
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return steps
  }
  throw new Error(`no ${selector} is reached by the keyboard on ${page.url()}`)
}

story("what somebody is working on may be said in words, which are asked for only then", async (as) => {
  const page = await as("officer")
  await page.goto("/working-on")
  assert.equal(await page.locator("#other").isVisible(), false)
  await page.check("input[value=other]")
  assert.ok(await page.locator("#other").isVisible())
  await isSound(page)
  await page.fill("#other", "A lost child")
  await page.click("button:has-text('Continue')")
  assert.match(await page.textContent(".bluelamp-purpose"), /A lost child/)
})

story("the keyboard alone leads from the skip link to a search and to a record", async (as) => {
  const page = await as("officer")
  const { surname, forename, path } = await anybody(page)
  await page.goto("/")
  assert.equal(await tabsTo(page, ".govuk-skip-link"), 1, "the skip link comes first")
  assert.ok(await page.locator(".govuk-skip-link").isVisible())
  await page.keyboard.press("Enter")
  assert.ok((await tabsTo(page, "#query")) <= 2, "the search box comes first in the main part")
  await page.keyboard.type(`${forename} ${surname}`)
  await page.keyboard.press("Enter")
  await page.waitForURL("**/searches/*")
  await tabsTo(page, `main a[href="${path}"]`)
  const outline = await page.evaluate(() => {
    const { backgroundColor, outlineStyle, boxShadow } = getComputedStyle(document.activeElement)
    return [backgroundColor, outlineStyle, boxShadow]
  })
  assert.ok(outline[0] !== "rgba(0, 0, 0, 0)" || outline[1] !== "none", "where the focus is can be seen")
  await page.keyboard.press("Enter")
  await page.waitForURL(`**${path}`)
})

story("a first view of a person is under 300 KB with its styles and scripts", async (as) => {
  const page = await as("officer")
  const { path } = await anybody(page)
  const session = await page.context().newCDPSession(page)
  await session.send("Network.enable")
  await session.send("Network.setCacheDisabled", { cacheDisabled: true })
  let octets = 0
  let requests = 0
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    octets += encodedDataLength
    requests += 1
  })
  await page.goto(path, { waitUntil: "networkidle" })
  assert.ok(requests >= 4, `the page, its styles and its scripts: ${requests} requests`)
  assert.ok(octets < 300_000, `${octets} octets`)
  console.log(`first view: ${octets} octets in ${requests} requests`)
})
