// Openings of entries, and rows of versions (docs/formats/ledger.md, sections 2 to 5).

import { commitment, fieldHash, saltOf } from "./hashes.js"
import { Octets, chunks, isSame, octetsOf } from "./octets.js"

export const TAG = {
  operation: 1,
  time: 2,
  actor: 3,
  unit: 6,
  records: 12,
  commitments: 19,
  ground: 20,
  erasesLeaves: 21,
  erasesVersions: 22,
  earlierCheckpoint: 23,
  lostLeaves: 24,
  count: 26,
  subject: 27,
  digest: 28,
  paper: 30,
  sections: 31
}

const FIRST_COLUMN = 60_000
export const COLUMNS = { record: 60_001, version: 60_002, kind: 60_003 }

/** Reads so many fields whose tags rise. */
function rising(octets, read) {
  const fields = []
  const count = octets.number(2, "the count of fields")
  for (let at = 0, last = -1; at < count; at += 1) {
    const tag = octets.number(2, "the tag of a field")
    if (tag <= last) throw octets.malformed(`field ${tag} does not stand in ascending order`)
    last = tag
    fields.push({ tag, ...read(tag) })
  }
  return fields
}

/** An open field of a reduced opening or of a row. */
function openField(octets, tag) {
  const salt = octets.take(32, "the salt of a field")
  const value = octets.counted("the value of a field")
  return { value, hash: fieldHash(tag, salt, value) }
}

function wholeFields(octets) {
  const seed = octets.take(32, "the seed")
  return rising(octets, (tag) => {
    const value = octets.counted("the value of a field")
    return { value, hash: fieldHash(tag, saltOf(seed, tag), value) }
  })
}

function reducedFields(octets) {
  return rising(octets, (tag) => {
    const state = octets.number(1, "the state of a field")
    if (state > 1) throw octets.malformed(`field ${tag} has the unknown state ${state}`)
    return state === 0 ? openField(octets, tag) : { value: null, hash: octets.take(32, "the hash of an erased field") }
  })
}

/** A payload opened, or opened in part. */
export class Opening {
  constructor(all) {
    const octets = new Octets(all)
    if (octets.number(1, "the form") !== 1) throw octets.malformed("the opening does not begin with octet 01")
    const form = octets.number(1, "the form of the opening")
    if (form > 1) throw octets.malformed(`the opening has the unknown form ${form}`)
    this.fields = form === 0 ? wholeFields(octets) : reducedFields(octets)
    octets.end()
  }

  find(tag) {
    return this.fields.find((field) => field.tag === tag)
  }

  has(tag) {
    return this.find(tag) !== undefined
  }

  /** The value of an open field; null where it is erased or not there. */
  open(tag) {
    return this.find(tag)?.value ?? null
  }

  is(tag, words) {
    const value = this.open(tag)
    return value !== null && isSame(value, octetsOf(words))
  }

  list(tag, length) {
    const value = this.open(tag)
    return value === null ? null : chunks(value, length)
  }

  commitment() {
    return commitment(this.fields)
  }
}

/** One row of versions/. */
export class Row {
  constructor(all) {
    const octets = new Octets(all)
    this.version = octets.take(16, "the version id")
    this.record = octets.take(16, "the record id")
    this.kind = octets.take(2, "the kind")
    const state = octets.number(1, "the state")
    if (state !== 0 && state !== 2) throw octets.malformed(`the row has the unknown state ${state}`)
    this.fields = state === 2 ? null : rising(octets, (tag) => rowField(octets, tag))
    octets.end()
  }

  commitment() {
    return this.fields === null ? null : commitment(this.fields)
  }

  /** Whether an open plain column holds this. */
  hasColumn(tag, value) {
    const field = this.fields?.find((one) => one.tag === tag)
    return field?.form === "open" && isSame(field.value, value)
  }
}

function rowField(octets, tag) {
  const form = octets.number(1, "the form of a field")
  const isColumn = tag >= FIRST_COLUMN
  if (form === 0) return { form: "open", isColumn, ...openField(octets, tag) }
  if (form > 2) throw octets.malformed(`field ${tag} has the unknown form ${form}`)
  return { form: form === 1 ? "closed" : "erased", isColumn, hash: octets.take(32, "the hash of a field") }
}
