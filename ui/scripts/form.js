// What a form can do better where scripts run: it asks only for what applies, says “now”, and takes the
// position of the device. Everything that it hides is still sent as it stands: the server judges.

import { keepDrafts } from "./drafts.js"
import { localMoment } from "./moments.js"
import { begin, keepBeforeSending, prepare } from "./without_network.js"

const valueOf = (form, name) => {
  const controls = form.elements.namedItem(name)
  return controls === null ? "" : controls.value
}

const isAnswered = (form, name) =>
  [...form.elements].some(
    (control) =>
      (control.name === name || control.name.startsWith(`${name}.`) || control.name.startsWith(`${name}[`)) &&
      (!["radio", "checkbox"].includes(control.type) || control.checked) &&
      control.value.trim() !== "",
  )

const holds = (form, when) => {
  if (when.all) return when.all.every((part) => holds(form, part))
  if (when.any) return when.any.some((part) => holds(form, part))
  if (when.not) return !holds(form, when.not)
  if (when.answered) return isAnswered(form, when.answered)
  const value = valueOf(form, when.field)
  if (when.in) return when.in.includes(value)
  const number = Number.parseInt(value, 10)
  return Number.isFinite(number) && number < when.under
}

const hasProblem = (field) => field.querySelector(".govuk-error-message") !== null

const reveal = (form) => {
  for (const field of form.querySelectorAll("[data-reveal]")) {
    const shown = hasProblem(field) || holds(form, JSON.parse(field.dataset.reveal))
    field.classList.toggle("bluelamp-hidden", !shown)
  }
}

const button = (words) => {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "govuk-button govuk-button--secondary bluelamp-button--row"
  made.textContent = words
  return made
}

const offerNow = (input) => {
  const now = button("Now")
  now.addEventListener("click", () => {
    input.value = localMoment(new Date())
    input.dispatchEvent(new Event("change", { bubbles: true }))
  })
  input.after(" ", now)
}

const offerPosition = (place) => {
  if (!("geolocation" in navigator)) return
  const name = place.dataset.place
  const here = button("Use where I am")
  const says = document.createElement("p")
  says.className = "govuk-hint"
  says.setAttribute("role", "status")
  here.addEventListener("click", () => {
    says.textContent = "Looking for your position…"
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const form = here.form
        form.elements.namedItem(`${name}.latitude`).value = coords.latitude.toFixed(6)
        form.elements.namedItem(`${name}.longitude`).value = coords.longitude.toFixed(6)
        says.textContent = `Position taken, within ${Math.round(coords.accuracy)} metres.`
        form.dispatchEvent(new Event("change"))
      },
      () => (says.textContent = "The device does not tell its position. Write the place instead."),
      { enableHighAccuracy: true, timeout: 15000 },
    )
  })
  place.append(here, says)
}

// A fact that stands in two places is typed once; what somebody says otherwise in the second place stays. A row that
// says nothing else stays empty, as the server has it too: it would be one more search to answer for.
const carry = (form) => {
  if (!form.dataset.carry) return
  const { from, rows, to } = JSON.parse(form.dataset.carry)
  const source = form.elements.namedItem(from)
  for (const control of form.elements) {
    const isTarget = control.name.startsWith(`${rows}[`) && control.name.endsWith(`].${to}`)
    if (isTarget && (control.value === "" || control.dataset.carried === control.value)) {
      control.value = ""
      control.value = isAnswered(form, control.name.slice(0, -to.length - 1)) ? source.value : ""
      control.dataset.carried = control.value
    }
  }
}

for (const form of document.querySelectorAll("form[data-form]")) {
  const again = () => {
    carry(form)
    reveal(form)
  }
  form.addEventListener("input", again)
  form.addEventListener("change", again)
  form.querySelectorAll("input[type=datetime-local]").forEach(offerNow)
  form.querySelectorAll("[data-place]").forEach(offerPosition)
  begin(form)
  keepDrafts(form)
  keepBeforeSending(form)
  again()
  prepare(form)
}
