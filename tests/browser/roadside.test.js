// A stop at the roadside where the network goes: what is typed is kept on the phone, survives the browser, and
// arrives once.

import assert from "node:assert/strict"
import { story } from "./support/story.js"
import { sayWhatFor, signIn } from "./support/browser.js"
import { isSound } from "./support/judged.js"

const PHONE = { viewport: { width: 360, height: 740 } }
const named = (name) => `[name="${name}"]`
const choice = (name, value) => `${named(name)}[value="${value}"]`
const save = (page) => page.click(".govuk-button:has-text('Save'):visible")
const main = (page) => page.textContent("main")

async function tellsOfAStop(page, grounds) {
  await page.check(choice("search-type", "person"))
  await page.selectOption(named("power"), "pace-s1")
  await page.selectOption(named("object"), "drugs")
  await page.fill(named("grounds"), grounds)
  await page.selectOption(named("self-defined-ethnicity"), "not-held:declined")
  await page.fill(named("place.words"), "The lay-by at Lampton Cross")
  await page.selectOption(named("outcome"), "no-action").catch(() => page.check(choice("outcome", "no-action")))
}

/** The device holds the blank form once the worker is in charge. */
async function prepared(page) {
  await page.goto("/new/stop-and-search")
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await page.waitForFunction(async () => {
    const held = await caches.open("bluelamp-roadside")
    return (await held.match("/new/stop-and-search")) && (await held.match("/roadside"))
  })
}

const countOfStops = async (page, grounds) => {
  await page.goto("/kinds/stop-and-search")
  return page.locator(`main a:has-text('SS-')`).count()
}

story("a stop that is saved without a network arrives once", async (as) => {
  const page = await as("officer", PHONE)
  const before = await countOfStops(page)
  await prepared(page)
  await page.context().setOffline(true)
  await page.reload()
  await tellsOfAStop(page, "Seen to hide a packet as the car drew up.")
  await save(page)
  await page.waitForSelector("h1:has-text('There is no network')")
  await page.waitForSelector("text=One stop is kept on this device.")
  await isSound(page)
  await page.click("text=Record another stop")
  await page.waitForSelector(named("grounds"))
  assert.equal(await page.inputValue(named("grounds")), "", "the next form is blank")
  const kept = await page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.open("bluelamp").onsuccess = ({ target }) => {
          target.result.transaction("forms").objectStore("forms").getAll().onsuccess = (all) =>
            resolve(JSON.stringify(all.target.result))
        }
      }),
  )
  assert.ok(!kept.includes("packet") && !kept.includes("Lampton"), "nobody reads it on the device")
  await page.context().setOffline(false)
  await page.goto("/")
  await page.waitForSelector("text=The stop that was kept on this device is saved as SS-")
  await isSound(page)
  await page.click("main a:has-text('Open it')")
  assert.ok((await main(page)).includes("The lay-by at Lampton Cross"))
  assert.equal(await countOfStops(page), before + 1)
  await page.goto("/")
  assert.ok(!(await main(page)).includes("kept on this device"), "it is sent once")
  assert.equal(await countOfStops(page), before + 1)
})

story("what is typed while the network is gone survives the tab and signing in again", async (as) => {
  const page = await as("officer", PHONE)
  await prepared(page)
  await page.context().setOffline(true)
  await page.fill(named("grounds"), "Ran when the van stopped.")
  await page.locator(named("grounds")).blur()
  await page.waitForSelector("text=kept on this device, sealed")
  const context = page.context()
  await page.close()
  await context.setOffline(false)
  await context.clearCookies()
  const later = await context.newPage()
  await later.goto("/sign-in")
  await later.waitForSelector("text=One stop is kept on this device. Sign in, and it is sent.")
  await signIn(later, "officer")
  await later.waitForSelector("text=said what you are working on")
  await sayWhatFor(later)
  await later.waitForSelector("text=A stop that was kept on this device is a draft now.")
  await later.click("main a:has-text('Open it')")
  assert.equal(await later.inputValue(named("grounds")), "Ran when the van stopped.")
})
