// A field that the force adds for itself: an administrator proposes it, a second person approves it, and an
// officer is asked it, answers it and finds the answer.

import assert from "node:assert/strict"
import { story } from "./support/story.js"
import { isSound } from "./support/judged.js"

const named = (name) => `[name="${name}"]`

async function proposes(page) {
  await page.goto("/administration/local-fields/new")
  await isSound(page)
  await page.selectOption(named("kind"), "vehicle")
  await page.fill(named("label"), "Fleet note")
  await page.fill(named("name"), "fleet-note")
  await page.selectOption(named("type"), "text")
  await page.check(`${named("about")}[value="own"]`)
  await page.check(`${named("class")}[value="opinion"]`)
  await page.fill(named("source"), "Force policy 12")
  await page.click("main button:has-text('Propose')")
  await page.waitForURL("**/administration/local-fields/LF-*")
  assert.match(await page.textContent("main"), /somebody else approves it/)
  await isSound(page)
  return new URL(page.url()).pathname
}

story("a field of the force's own is added by two persons and used by a third", async (as) => {
  const path = await proposes(await as("administrator"))
  const reviewer = await as("reviewer")
  await reviewer.goto(path)
  await reviewer.click("main button:has-text('Approve')")
  await reviewer.waitForURL("**?done=approved")
  await isSound(reviewer)

  const officer = await as("officer")
  await officer.goto("/new/vehicle")
  await officer.fill(named("vrm"), "QF17 LLR")
  await officer.click("button:has-text('Look for it')")
  await officer.click("main button:has-text('ake a new one')")
  const control = officer.locator(named("local.fleet-note"))
  assert.ok(await control.isVisible(), "it is asked, and not folded away")
  await control.fill("Quillfeather says that it smokes")
  await isSound(officer)
  await officer.click(".govuk-button:has-text('Save'):visible")
  await officer.waitForURL("**/records/V-*")
  assert.match(await officer.textContent("main"), /Quillfeather says that it smokes/)
  await officer.goto("/search")
  await officer.fill("#query", "local.fleet-note:quillfeather")
  await officer.press("#query", "Enter")
  await officer.waitForURL("**/searches/*")
  assert.match(await officer.textContent("main"), /QF17 ?LLR/)
})
