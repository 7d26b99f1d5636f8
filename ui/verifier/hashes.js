// Hashes of the tree and of fields (docs/formats/ledger.md, sections 1 to 3), and signatures.

import { hashes, verify } from "@noble/ed25519"
import { hmac } from "@noble/hashes/hmac.js"
import { sha256, sha512 } from "@noble/hashes/sha2.js"
import { bigEndian, concat, octetsOf } from "./octets.js"

hashes.sha512 = sha512

const LEAF = new Uint8Array([0])
const NODE = new Uint8Array([1])
const SALT = octetsOf("bluelamp/salt/v1")

export function hash(...parts) {
  return sha256(parts.length === 1 ? parts[0] : concat(...parts))
}

export const leafHash = (entry) => hash(LEAF, entry)
export const nodeHash = (left, right) => hash(NODE, left, right)
export const EMPTY_ROOT = hash(new Uint8Array(0))

export const saltOf = (seed, tag) => hash(SALT, seed, bigEndian(tag, 2))
export const fieldHash = (tag, salt, value) => hash(bigEndian(tag, 2), salt, value)

/** The commitment of fields that have a tag and a hash. */
export function commitment(fields) {
  return hash(concat(...fields.flatMap((field) => [bigEndian(field.tag, 2), field.hash])))
}

export function keyed(key, ...parts) {
  return hmac(sha256, key, concat(...parts))
}

/** Whether a signature is by this key (RFC 8032, without the leniency of ZIP 215). */
export function isSigned(signature, message, key) {
  try {
    return verify(signature, message, key, { zip215: false })
  } catch {
    return false
  }
}
