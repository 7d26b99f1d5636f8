// A browser, windows in it, and people who sign in.

import { chromium } from "playwright-core"

/** Where the force under test is served. */
export const address = process.env.BLUELAMP_ADDRESS

/** The password of everybody, once `first_passwords.js` has run. */
export const PASSWORD = "three words of nobody"

const OPTIONS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** Starts the machine's Chromium. */
export const started = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: OPTIONS })

// A page that is refused says so by its status, which a browser writes to its console as well.
const isStatusOfPage = (message) =>
  message.text().startsWith("Failed to load resource") && !message.location().url.includes("/assets/")

/** Somebody at a browser window of their own, who has not signed in. */
export async function opened(browser, options = {}) {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1200, height: 900 }, ...options })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const complaints = []
  page.on("console", (said) => {
    if (said.type() === "error" && !isStatusOfPage(said)) complaints.push(`${page.url()}: ${said.text()}`)
  })
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`))
  return { page, complaints }
}

/** Sends the form of signing in. */
export async function signIn(page, name, password = PASSWORD) {
  await page.goto("/sign-in")
  await page.fill("#name", name)
  await page.fill("#password", password)
  await page.click("main button:has-text('Sign in')")
}

/** Says what somebody works on. */
export async function sayWhatFor(page) {
  await page.goto("/working-on")
  await page.check("input[value='Answering an incident']")
  await page.fill("#task", "INC-2026-0417")
  await page.click("button:has-text('Continue')")
}
