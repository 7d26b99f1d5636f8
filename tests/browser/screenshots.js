// Pictures of the main pages for docs/pages.md, at the widths of a desk and of a phone.

import { mkdirSync, writeFileSync } from "node:fs"
import { opened, sayWhatFor, signIn, started } from "./support/browser.js"

const FOLDER = process.argv[2]
const WIDTHS = { desk: { width: 1200, height: 900, tallest: 1100 }, phone: { width: 360, height: 740, tallest: 1100 } }
const MOST_OCTETS = 60_000

const save = ".govuk-button:has-text('Save'):visible"

async function recordOf(page, kind) {
  await page.goto(`/kinds/${kind}`)
  return new URL(await page.getAttribute("main table a", "href"), page.url()).pathname
}

/** A person with much on their page: the one whom most is linked with of those newest. */
async function busiest(page) {
  await page.goto("/kinds/nominal")
  const paths = await page.locator("main table a").evaluateAll((links) => links.map((link) => link.pathname))
  const counted = []
  for (const path of paths) {
    await page.goto(path)
    counted.push([await page.locator(".bluelamp-roles li").count(), path])
  }
  return counted.sort(([one], [two]) => two - one)[0][1]
}

async function searched(page) {
  await page.goto("/search")
  await page.fill("#query", "jon smiht")
  await page.press("#query", "Enter")
  await page.waitForURL("**/searches/*")
}

async function lookedFirst(page) {
  await page.goto("/new/nominal")
  await page.fill('[name="names[1].forenames"]', "Jon")
  await page.fill('[name="names[1].surname"]', "Smiht")
  await page.click("button:has-text('Look for it')")
}

async function childStopped(page) {
  await page.goto("/new/stop-and-search")
  await page.check('[name="search-type"][value="person"]')
  await page.fill('[name="age"]', "15")
  await page.check('[name="more-than-outer"][value="yes"]')
  await page.click(save)
}

async function twoVersions(page) {
  const path = await recordOf(page, "vehicle")
  await page.goto(`${path}/edit`)
  await page.fill("[name=model]", `${await page.inputValue("[name=model]")} Estate`.trim())
  await page.fill("[name=reason]", "seen")
  await page.click(save)
  await page.waitForURL("**?done=changed")
  return path
}

/** Who looks, under what name the picture is kept, and how the page is reached. */
const PICTURES = [
  ["officer", "working-on", (page) => page.goto("/working-on")],
  ["officer", "results", searched],
  ["officer", "home", (page) => page.goto("/")],
  ["officer", "person", async (page) => page.goto(await busiest(page))],
  ["officer", "linked", async (page) => page.goto(`${await busiest(page)}/linked`)],
  ["officer", "crime", async (page) => page.goto(await recordOf(page, "crime"))],
  ["officer", "stop", async (page) => page.goto(await recordOf(page, "stop-and-search"))],
  ["officer", "look-first", lookedFirst],
  ["officer", "new-person", async (page) => (await lookedFirst(page), page.click("main button:has-text('ake a new one')"))],
  ["officer", "new-stop", (page) => page.goto("/new/stop-and-search")],
  ["officer", "refused", childStopped],
  ["officer", "history", async (page) => page.goto(`${await twoVersions(page)}/history`)],
  ["officer", "link", async (page) => page.goto(`${await recordOf(page, "nominal")}/link`)],
  ["officer", "restrict", async (page) => page.goto(`${await recordOf(page, "nominal")}/restrict`)],
  ["officer", "records", (page) => page.goto("/records")],
  ["officer", "people", (page) => page.goto("/kinds/nominal")],
  ["officer", "account", (page) => page.goto("/account")],
  ["officer", "advice", (page) => page.goto("/search/advice")],
  ["officer", "help", (page) => page.goto("/help")],
  ["supervisor", "completeness", (page) => page.goto("/completeness")],
  ["reviewer", "intake", (page) => page.goto("/intake")],
  ["auditor", "log", (page) => page.goto("/log")],
  ["administrator", "administration", (page) => page.goto("/administration")],
]

/** The page that is open, as WebP of the quality that fits. */
async function picture(page, { width, tallest }) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  const session = await page.context().newCDPSession(page)
  const clip = { x: 0, y: 0, width, height: Math.min(height, tallest), scale: 1 }
  for (const quality of [60, 40, 20, 5]) {
    const asked = { format: "webp", quality, clip, captureBeyondViewport: true }
    const octets = Buffer.from((await session.send("Page.captureScreenshot", asked)).data, "base64")
    if (octets.length <= MOST_OCTETS) return octets
  }
  throw new Error(`${page.url()} makes a picture of more than ${MOST_OCTETS} octets`)
}

async function keep(page, name) {
  if ((await page.title()).startsWith("Page not found")) throw new Error(`${page.url()} is not there`)
  for (const [screen, size] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: size.width, height: size.height })
    writeFileSync(`${FOLDER}/${name}-${screen}.webp`, await picture(page, size))
  }
  await page.setViewportSize({ width: WIDTHS.desk.width, height: WIDTHS.desk.height })
}

mkdirSync(FOLDER, { recursive: true })
const browser = await started()
const windows = new Map()
const windowOf = async (name) => {
  if (!windows.has(name)) {
    const { page } = await opened(browser)
    await signIn(page, name)
    await sayWhatFor(page)
    windows.set(name, page)
  }
  return windows.get(name)
}

const { page: nobody } = await opened(browser)
await nobody.goto("/sign-in")
await keep(nobody, "sign-in")
const wanted = process.argv.slice(3)
for (const [who, name, reach] of PICTURES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const page = await windowOf(who)
  await reach(page)
  await page.waitForLoadState()
  await keep(page, name)
  console.log(`${name}: ${page.url()}`)
}
await browser.close()
