// The verifier as one HTML file, opened from the disk with no network: an export is dropped on it, and a paper is
// checked by it. BLUELAMP_EXPORT in the environment names the folder of an export.

import assert from "node:assert/strict"
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { started } from "./support/browser.js"
import { isSound } from "./support/judged.js"

const verifier = fileURLToPath(new URL("../../crates/witness/verifier.html", import.meta.url))
const given = process.env.BLUELAMP_EXPORT
const work = mkdtempSync(join(tmpdir(), "verifier-"))
const browser = await started()
after(async () => {
  await browser.close()
  rmSync(work, { recursive: true })
})

async function opened() {
  const context = await browser.newContext({ offline: true })
  const page = await context.newPage()
  const asked = []
  page.on("request", (request) => asked.push(request.url()))
  page.on("pageerror", (error) => assert.fail(error.message))
  await page.goto(`file://${verifier}`)
  return { page, asked }
}

function filesBelow(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}

test("an export is green, and red once an octet of it is altered", async () => {
  const { page, asked } = await opened()
  await isSound(page)
  const export_ = join(work, "export")
  cpSync(given, export_, { recursive: true })
  await page.setInputFiles("#folder", export_)
  await page.waitForSelector("#answer .verdict.good")
  assert.match(await page.textContent("#answer"), /GOOD\. Nothing in this log was altered/)
  await isSound(page)
  await page.fill("#code", "0123-4567-89AB-CDE4")
  await page.click("#check-paper")
  await page.waitForSelector("#paper-answer .verdict.bad")
  assert.match(await page.textContent("#paper-answer"), /UNKNOWN/)

  const payloads = join(export_, "payloads/000")
  const octets = readFileSync(payloads)
  octets[octets.length - 1] ^= 1
  writeFileSync(payloads, octets)
  await page.setInputFiles("#folder", export_)
  await page.waitForSelector("#answer .verdict.bad")
  assert.match(await page.textContent("#answer"), /NOT GOOD\..*the payload is altered/s)
  await isSound(page)
  await page.click("#check-paper")
  assert.match(await page.textContent("#paper-answer"), /Check the log first/)
  assert.deepEqual(asked, [`file://${verifier}`], "the page asks for nothing but itself")
})

/** A browser makes a drop of files alone for a program; their paths are given as those of a folder. */
test("what is dropped is checked at once", async () => {
  const { page } = await opened()
  const files = filesBelow(given).map((path) => ({
    path: path.slice(given.length).replace(/^\//, ""),
    octets: [...readFileSync(path)]
  }))
  await page.evaluate((files) => {
    const entries = (prefix) => {
      const names = new Set(files.filter(({ path }) => path.startsWith(prefix)).map(({ path }) => path.slice(prefix.length).split("/")[0]))
      return [...names].map((name) => entry(prefix + name, name))
    }
    const entry = (path, name) => {
      const own = files.find((file) => file.path === path)
      if (own) return { isFile: true, name, file: (done) => done(new File([new Uint8Array(own.octets)], name)) }
      let rest = [entries(`${path}/`), []]
      return { isFile: false, name, createReader: () => ({ readEntries: (done) => done(rest.shift() ?? []) }) }
    }
    let rest = [entries(""), []]
    const folder = { isFile: false, name: "export", createReader: () => ({ readEntries: (done) => done(rest.shift() ?? []) }) }
    const event = new Event("drop", { cancelable: true })
    event.dataTransfer = { items: [{ webkitGetAsEntry: () => folder }] }
    document.getElementById("drop").dispatchEvent(event)
  }, files)
  await page.waitForSelector("#answer .verdict.good")
})
