// What could not be sent is kept on this device, sealed to the force: nobody can read it here. It is sent once, when
// there is a network and its writer has signed in, and is destroyed after a day.

const LONGEST = 24 * 60 * 60 * 1000
const INFO = "bluelamp roadside 1"
const FORMS = "forms"
const SEAL_TO = "seal-to"

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

let database = null
const opened = () => {
  if (database) return database
  const request = indexedDB.open("bluelamp", 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(FORMS, { keyPath: "draft" })
    request.result.createObjectStore(SEAL_TO)
  }
  database = answered(request)
  return database
}

const store = async (name, mode) => (await opened()).transaction(name, mode).objectStore(name)
const written = async (name, write) => answered(write(await store(name, "readwrite")))
const read = async (name, ask) => answered(ask(await store(name, "readonly")))

const utf8 = (text) => new TextEncoder().encode(text)
const hex = (octets) => [...new Uint8Array(octets)].map((octet) => octet.toString(16).padStart(2, "0")).join("")
const octets = (digits) => Uint8Array.from(digits.match(/../g), (pair) => Number.parseInt(pair, 16))

/** Keeps what the device seals to, for when there is no network. */
export const holdSealTo = (to) => written(SEAL_TO, (held) => held.put(to, "today"))

const seal = async (to, at, form) => {
  const { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = await import("./hpke.js")
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  const recipientPublicKey = await suite.kem.deserializePublicKey(octets(to.key).buffer)
  const inner = JSON.stringify({ account: to.account, at, form })
  const { ct, enc } = await suite.seal({ recipientPublicKey, info: utf8(INFO).buffer }, utf8(inner).buffer)
  return { encapsulated: hex(enc), sealed: hex(ct) }
}

/** Keeps a form under the name of its draft, in place of what was kept of it before. */
export const keep = async (draft, texts) => {
  const to = await read(SEAL_TO, (held) => held.get("today"))
  if (!to) throw new Error("nothing to seal to")
  const at = Date.now()
  const sealed = await seal(to, at, texts.toString())
  await written(FORMS, (forms) => forms.put({ draft, at, day: to.day, ...sealed }))
}

/** Destroys what is kept under the name of a draft. */
export const forget = (draft) => written(FORMS, (forms) => forms.delete(draft))

/** Says something at the top of the page. */
const tell = (words, href) => {
  const said = document.createElement("div")
  said.className = "govuk-inset-text"
  said.setAttribute("role", "status")
  said.textContent = words
  if (href) {
    const link = document.createElement("a")
    link.className = "govuk-link"
    link.href = href
    link.textContent = "Open it"
    said.append(" ", link)
  }
  document.querySelector("main")?.prepend(said)
}

const waiting = (count) =>
  count === 1
    ? "One stop is kept on this device."
    : `${count} stops are kept on this device.`

const destroyOld = async (forms) => {
  const old = forms.filter(({ at }) => Date.now() - at > LONGEST)
  for (const { draft } of old) await forget(draft)
  if (old.length > 0) tell("What was kept on this device for more than 24 hours was not sent, and is destroyed.")
  return forms.filter((form) => !old.includes(form))
}

/** Sends one form; whether to go on with the next. */
const sendOne = async ({ draft, day, encapsulated, sealed }, token) => {
  const body = new URLSearchParams({ "form-token": token, day, encapsulated, sealed })
  const answer = await fetch("/roadside/kept", { method: "POST", body })
  if (answer.redirected) {
    tell("A stop is kept on this device. It is sent when you have signed in and said what you are working on.")
    return false
  }
  const isTaken = answer.ok || answer.status === 410
  if (isTaken) await forget(draft)
  if (!isTaken && answer.status !== 409) return true
  const { words, href } = await answer.json()
  if (href !== location.pathname) tell(words, href)
  return true
}

const sendAll = async () => {
  const forms = await destroyOld(await read(FORMS, (held) => held.getAll()))
  const state = document.querySelector("[data-kept-state]")
  if (state) state.textContent = forms.length > 0 ? waiting(forms.length) : "Nothing is kept on this device."
  // The form that is open keeps itself.
  const open = document.querySelector("form[data-roadside] input[name=draft]")?.value
  const due = forms.filter(({ draft }) => draft !== open)
  const token = document.querySelector("input[name=form-token]")?.value
  if (due.length === 0 || state) return
  if (!token) return tell(`${waiting(due.length)} Sign in, and it is sent.`)
  for (const form of due) {
    if (!(await sendOne(form, token))) return
  }
}

/** Sends what this device kept, from one tab at a time. What cannot be sent now waits for the next page. */
export const sendKept = async () => {
  if (!("indexedDB" in window && "locks" in navigator)) return
  await navigator.locks.request("bluelamp-kept", sendAll).catch(() => {})
}
