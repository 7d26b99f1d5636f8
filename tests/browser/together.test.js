// Several people and several clicks: nothing is lost, nothing is made twice, nothing is left behind.

import assert from "node:assert/strict"
import { story } from "./support/story.js"
import { isSound } from "./support/judged.js"

const save = ".govuk-button:has-text('Save'):visible"

/** Looks for a vehicle that is not here yet, and begins to make it. */
async function begins(page, mark) {
  await page.goto("/new/vehicle")
  await page.fill("[name=vrm]", mark)
  await page.click("button:has-text('Look for it')")
  await page.click("main button:has-text('ake a new one')")
  await page.waitForSelector("form.bluelamp-form")
}

async function makes(page, mark) {
  await begins(page, mark)
  await page.click(save)
  await page.waitForURL("**/records/V-*")
  return new URL(page.url()).pathname
}

story("of two who change one record the slower sees both changes and loses nothing", async (as) => {
  const [one, two] = [await as("officer"), await as("supervisor")]
  const path = await makes(one, "LB20 AAA")
  await Promise.all([one, two].map((page) => page.goto(`${path}/edit`)))
  await one.fill("[name=model]", "Focus")
  await one.fill("[name=reason]", "seen")
  await one.click(save)
  await one.waitForURL("**?done=changed")
  await two.fill("[name=make]", "Vauxhall")
  await two.fill("[name=reason]", "looked again")
  await two.click(save)
  assert.match(await two.textContent("h1"), /Somebody else changed it meanwhile/)
  const tables = await two.locator("main table").allTextContents()
  assert.match(tables[0], /Focus/)
  assert.match(tables[1], /Vauxhall/)
  await isSound(two)
  await two.click("button:has-text('Put my changes on theirs')")
  assert.equal(await two.inputValue("[name=model]"), "Focus")
  assert.equal(await two.inputValue("[name=make]"), "Vauxhall")
  await isSound(two)
  await two.click(save)
  await two.waitForURL("**?done=changed")
  assert.match(await two.textContent("main"), /Vauxhall/)
})

for (const [how, options] of Object.entries({ with: {}, without: { javaScriptEnabled: false } })) {
  story(`a double click on save makes one record, ${how} scripts`, async (as) => {
    const page = await as("officer", options)
    const mark = how === "with" ? "LB21 AAA" : "LB22 AAA"
    await begins(page, mark)
    await page.dblclick(save)
    await page.waitForURL("**/records/V-*")
    await page.goto("/kinds/vehicle")
    const rows = await page.locator("main table a").allTextContents()
    assert.equal(rows.filter((name) => name.replaceAll(" ", "").includes(mark.replace(" ", ""))).length, 1)
  })
}

story("after signing out the back button shows nothing of a record", async (as) => {
  const page = await as("officer")
  const path = await makes(page, "LB23 AAA")
  await page.click("button:has-text('Sign out')")
  await page.waitForURL("**/sign-in?done=signed-out")
  await page.goBack()
  await page.waitForURL((url) => url.pathname === "/sign-in")
  assert.ok(!(await page.textContent("body")).includes("LB23"), "the page of the record is not shown again")
  await page.goto(path)
  assert.match(await page.textContent("h1"), /Sign in/)
})
