// What is typed is kept as a draft within two seconds, and at once when a control is left. Where there is no network,
// a form that can do so keeps it on the device.

import { forget, keep } from "./kept.js"
import { timeOfDay } from "./moments.js"

const SOON = 1500
const AGAIN = 5000

/** Whoever signed in again meanwhile, in another tab, goes on with the token of the new sitting. */
export const renewToken = async () => {
  const answer = await fetch("/form-token", { redirect: "error" })
  const { token } = await answer.json()
  for (const control of document.querySelectorAll("input[name=form-token]")) control.value = token
}

const draftOf = (form) => form.elements.namedItem("draft").value
const textsOf = (form) => new URLSearchParams(new FormData(form))

const NOT_KEPT =
  "What you typed is not kept yet: there is no connection, or you are signed out. Leave this page open, sign in again in another tab, and go on."
const ON_DEVICE =
  "There is no network. What you typed is kept on this device, sealed, and is sent when the network is back. Go on."

/** Keeps it on the device where the form can, and says which. */
const keepHere = async (form) => {
  if (!form.dataset.roadside) return NOT_KEPT
  const texts = textsOf(form)
  texts.set("do", "draft")
  try {
    await keep(draftOf(form), texts)
    return ON_DEVICE
  } catch {
    return NOT_KEPT
  }
}

const send = (form) =>
  fetch("/drafts", { method: "POST", body: textsOf(form), redirect: "error", keepalive: true })

const sendOnce = async (form) => {
  let answer = await send(form)
  if (answer.status === 400) {
    await renewToken()
    answer = await send(form)
  }
  if (!answer.ok) throw new Error(String(answer.status))
}

/** Keeps a form as it is typed. */
export const keepDrafts = (form) => {
  const state = form.querySelector("[data-draft-state]")
  let waiting = null
  let kept = textsOf(form).toString()
  let isSent = false

  const keepNow = async () => {
    clearTimeout(waiting)
    const now = textsOf(form).toString()
    if (isSent || now === kept) return
    try {
      await sendOnce(form)
      kept = now
      state.textContent = `Kept as a draft at ${timeOfDay(new Date())}.`
      if (form.dataset.roadside) await forget(draftOf(form))
    } catch {
      state.textContent = await keepHere(form)
      waiting = setTimeout(keepNow, AGAIN)
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(keepNow, SOON)
  })
  form.addEventListener("change", keepNow)
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keepNow())
  form.addEventListener("submit", () => {
    isSent = true
    clearTimeout(waiting)
  })
}
