// Everybody signs in with the password that they were given and chooses the one that the tests know.

import { readFileSync } from "node:fs"
import { PASSWORD, opened, signIn, started } from "./browser.js"

const people = readFileSync(process.env.BLUELAMP_PEOPLE, "utf8").trim().split("\n")
const browser = await started()
for (const [name, given] of people.map((line) => line.split(" "))) {
  const { page } = await opened(browser)
  await signIn(page, name, given)
  await page.fill("#old", given)
  await page.fill("#new", PASSWORD)
  await page.fill("#again", PASSWORD)
  await page.click("button:has-text('Change the password')")
  await page.waitForURL("**/account?done=password")
  await page.context().close()
}
await browser.close()
