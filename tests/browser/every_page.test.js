// Every page that somebody reaches by links, as each role, judged once.

import assert from "node:assert/strict"
import { story } from "./support/story.js"
import { faults } from "./support/judged.js"

const ROLES = ["officer", "supervisor", "reviewer", "administrator", "auditor"]

// Pages of records and forms follow from kinds, so that each kind has its own; what stands around them is
// the same for all.
const OF_RECORD = /^\/records\/([A-Z]+)-[0-9]+-[A-Z](.*)$/
const OWN_TO_KIND = ["", "/edit"]

/** What pages that are made alike have in common. */
function shape(url) {
  const keys = [...url.searchParams.keys()].sort().join("&")
  const [, kind, rest] = OF_RECORD.exec(url.pathname) ?? []
  const path = kind ? `/records/${OWN_TO_KIND.includes(rest) ? kind : "*"}${rest}` : url.pathname
  const alike = path
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "*")
    .replace(/^\/searches\/[^/]+/, "/searches/*")
    .replace(/\/[0-9]+(?=\/|$)/g, "/*")
  return keys ? `${alike}?${keys}` : alike
}

const linked = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("a[href]:not([download])")]
      .filter((link) => link.origin === window.location.origin && !link.pathname.startsWith("/api/"))
      .map((link) => link.href.split("#")[0]),
  )

const isPage = (response) => response?.headers()["content-type"]?.startsWith("text/html") ?? false

/** Walks along the links from home, and judges what no role before has met. */
async function walked(page, known) {
  const waiting = [new URL("/", page.url())]
  const met = new Set([shape(waiting[0])])
  const wrong = []
  while (waiting.length > 0) {
    const url = waiting.shift()
    // What is kept as a file is no page.
    const response = await page.goto(url.href).catch(() => null)
    if (!isPage(response)) continue
    if (response.status() === 404) wrong.push(`${url.pathname} is linked and not there`)
    for (const next of (await linked(page)).map((href) => new URL(href))) {
      if (met.has(shape(next))) continue
      met.add(shape(next))
      waiting.push(next)
    }
    if (known.has(shape(url)) && url.pathname !== "/") continue
    known.add(shape(url))
    wrong.push(...(await faults(page)))
  }
  return wrong
}

const known = new Set()
for (const role of ROLES) {
  story(`every page that the ${role} reaches is sound, light and dark, and at each width`, async (as) => {
    const before = known.size
    const page = await as(role)
    assert.deepEqual(await walked(page, known), [])
    console.log(`${role}: ${known.size - before} pages judged`)
  })
}
