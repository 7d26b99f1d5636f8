// Origins, verifier keys and signed checkpoints (C2SP signed-note and tlog-checkpoint).

import { hash, isSigned } from "./hashes.js"
import { canonicalNumber, concat, hex, isSame, octetsOf, textOf } from "./octets.js"

const ED25519 = 1
const MOST_SIGNATURES = 100
const LONGEST = 1_000_000

/** Octets of base64 that is written in one way only; null where it is not. */
export function fromBase64(text) {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
  const plain = atob(text)
  return btoa(plain) === text ? Uint8Array.from(plain, (letter) => letter.charCodeAt(0)) : null
}

export function parseOrigin(text) {
  const at = text.lastIndexOf("/g")
  if (at < 1) return null
  const base = text.slice(0, at)
  const generation = canonicalNumber(text.slice(at + 2))
  const usable = !/[\s+\p{Cc}]/u.test(base)
  return usable && generation !== null && generation > 0n ? { base, generation, text } : null
}

function keyId(name, key) {
  return hex(hash(concat(octetsOf(`${name}\n`), key)).subarray(0, 4))
}

/** The verifier key of one line; throws words that end a sentence. */
export function parseKey(line) {
  const [name, id, ...rest] = line.split("+")
  const key = fromBase64(rest.join("+"))
  const origin = parseOrigin(name)
  if (key === null || key.length !== 33 || key[0] !== ED25519) throw new Error("its last part is no Ed25519 key")
  if (origin === null) throw new Error("its name is not of the form <base>/g<N>")
  if (id !== keyId(name, key)) throw new Error("its id does not belong to its name and key")
  return { origin, key }
}

function parseSignature(line) {
  const parts = /^— (\S+) (\S+)$/u.exec(line)
  const octets = parts && fromBase64(parts[2])
  if (!octets || octets.length < 5 || parts[1].includes("+")) throw new Error("it is not a signed note")
  return { name: parts[1], id: hex(octets.subarray(0, 4)), signature: octets.subarray(4) }
}

/** A signed note whose text is a checkpoint; its signature is not yet checked. */
export function parseCheckpoint(octets) {
  let note
  try {
    note = textOf(octets)
  } catch {
    throw new Error("it is not UTF-8")
  }
  const split = note.lastIndexOf("\n\n")
  // A note has no control characters but the ends of its lines.
  if (octets.length > LONGEST || /[\u0000-\u0009\u000b-\u001f]/.test(note) || split < 0 || !note.endsWith("\n")) {
    throw new Error("it is not a signed note")
  }
  const text = note.slice(0, split + 1)
  const lines = note.slice(split + 2, -1).split("\n")
  if (lines.length > MOST_SIGNATURES) throw new Error("it is not a signed note")
  const signatures = lines.map(parseSignature)
  const [first, count, root, ...more] = text.split("\n")
  const [origin, size] = [parseOrigin(first), canonicalNumber(count ?? "")]
  const hashed = fromBase64(root ?? "")
  const isWhole = more.pop() === "" && more.every((line) => line !== "")
  if (size === null || hashed?.length !== 32 || !isWhole) throw new Error("its text is not that of a checkpoint")
  if (origin === null) throw new Error("its origin is not of the form <base>/g<N>")
  return { origin, size, root: hashed, text, signatures, note }
}

/** Whether a key signed a checkpoint under the name of its own origin, and no signature of it is false. */
export function isSignedBy(checkpoint, key) {
  const { origin, text, signatures } = checkpoint
  const id = keyId(origin.text, key)
  const own = signatures.find((one) => one.name === origin.text && one.id === id)
  return own !== undefined && isSigned(own.signature, octetsOf(text), key.subarray(1))
}

export const isSameKey = (one, other) => isSame(one.key, other.key)
