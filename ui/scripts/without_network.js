// A form that goes on where there is no network: the blank form is held by the device, and what is sent is kept there
// first, sealed.

import { renewToken } from "./drafts.js"
import { holdSealTo, keep } from "./kept.js"
import { localMoment } from "./moments.js"

const HELD = "bluelamp-roadside"
const NO_NETWORK = "/roadside"
/** How long a form waits for a fresh token before it is sent. */
const PATIENCE = 3000

/** A name that sorts by time (UUIDv7, RFC 9562). */
const freshName = () => {
  const octets = crypto.getRandomValues(new Uint8Array(16))
  new DataView(octets.buffer).setBigUint64(0, (BigInt(Date.now()) << 16n) | (BigInt(octets[6]) << 8n) | BigInt(octets[7]))
  octets[6] = (octets[6] & 0x0f) | 0x70
  octets[8] = (octets[8] & 0x3f) | 0x80
  const digits = [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("")
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5")
}

/** A blank form that the device held may be shown several times: each is another stop, which happens now. */
export const begin = (form) => {
  if (form.dataset.roadside !== "new") return
  for (const name of ["once", "draft"]) form.elements.namedItem(name).value = freshName()
  for (const moment of form.querySelectorAll("input[type=datetime-local]")) {
    if (moment.defaultValue !== "") moment.value = localMoment(new Date())
  }
}

const within = (milliseconds, promise) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, milliseconds))])

/** Keeps what is sent on the device until the server has it. */
export const keepBeforeSending = (form) => {
  if (!form.dataset.roadside) return
  let isKept = false
  form.addEventListener("submit", async (event) => {
    if (isKept) return
    event.preventDefault()
    const texts = new URLSearchParams(new FormData(form, event.submitter))
    await keep(form.elements.namedItem("draft").value, texts).catch(() => {})
    await within(PATIENCE, renewToken()).catch(() => {})
    isKept = true
    form.requestSubmit(event.submitter)
  })
  window.addEventListener("pageshow", () => (isKept = false))
}

const hold = async (held, path) => {
  const answer = await fetch(path)
  if (answer.ok && !answer.redirected) await held.put(path, answer)
}

const filesOfPage = () =>
  performance
    .getEntriesByType("resource")
    .map(({ name }) => new URL(name).pathname)
    .filter((path) => path.startsWith("/assets/"))

/** Has the device hold the blank form, while there is a network. */
export const prepare = async (form) => {
  if (form.dataset.roadside !== "new" || !("serviceWorker" in navigator)) return
  try {
    const to = await fetch("/roadside/key", { redirect: "error" })
    await holdSealTo(await to.json())
    await import("./hpke.js")
    const held = await caches.open(HELD)
    await Promise.all([location.pathname, NO_NETWORK, ...filesOfPage()].map((path) => hold(held, path)))
    await navigator.serviceWorker.register(form.dataset.worker, { scope: "/" })
  } catch {
    // There is no network now; what was held before serves.
  }
}
