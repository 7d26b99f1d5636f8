// Tests that tell what people do at the pages.

import assert from "node:assert/strict"
import { after, test } from "node:test"
import { opened, sayWhatFor, signIn, started } from "./browser.js"

let browser
const shared = async () => (browser ??= await started())
after(() => browser?.close())

/**
 * A test in which people use the pages: `tell` is given a function that opens a window in which somebody has
 * signed in. It fails where a page writes an error to the console, as it does when the policy stops anything.
 */
export function story(name, tell) {
  test(name, { timeout: 600_000 }, async () => {
    const windows = []
    const nobody = async (options) => {
      const window = await opened(await shared(), options)
      windows.push(window)
      return window.page
    }
    const as = async (name, options) => {
      const page = await nobody(options)
      await signIn(page, name)
      await sayWhatFor(page)
      return page
    }
    try {
      await tell(as, nobody)
      assert.deepEqual(windows.flatMap(({ complaints }) => complaints), [])
    } finally {
      await Promise.all(windows.map(({ page }) => page.context().close()))
    }
  })
}
