// What a paper is, by its code and an export that was found good (docs/formats/ledger.md, section 9).

import { openPayloads } from "./blocks.js"
import { Faults } from "./faults.js"
import { hash, keyed } from "./hashes.js"
import { BLOCK, Inventory, PAYLOADS } from "./inventory.js"
import { parseCheckpoint } from "./note.js"
import { bigEndian, concat, hex, isSame, octetsOf } from "./octets.js"
import { Opening, TAG } from "./opening.js"

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const SYMBOLS = 16
const [WHOLE, SECTION, FILE] = [0, 1, 2].map((octet) => new Uint8Array([octet]))

/** Reads a code as it is typed; throws words for people. */
export function readCode(text) {
  const typed = text.toUpperCase().replaceAll(/[\s\-–‑]/gu, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1")
  const values = [...typed].map((sign) => ALPHABET.indexOf(sign))
  if (values.includes(-1)) throw new Error(`“${[...typed][values.indexOf(-1)]}” stands in no code`)
  if (values.length !== SYMBOLS) throw new Error(`a code has ${SYMBOLS} letters and digits, and this has ${values.length}`)
  const doubled = (value) => (value & 16 ? ((value << 1) ^ 0b100101) & 31 : value << 1)
  if (values.reduce((sum, value) => doubled(sum) ^ value, 0) !== 0) {
    throw new Error("a letter or digit of it is wrong: compare it with the paper")
  }
  return typed
}

/** Words as they are compared: blanks, letter case, and the shapes of quotes and dashes do not count. */
export function asCompared(words) {
  const alike = words.split(/\s+/u).filter((word) => word !== "").join(" ").toLowerCase()
  return alike.replaceAll(/[‘’ʼ]/gu, "'").replaceAll(/[“”]/gu, '"').replaceAll(/[‐‑‒–—−]/gu, "-")
}

export const markOf = (code) => hash(octetsOf(`bluelamp/paper/v1${code}`))
const wholeOf = (code, parts) => keyed(octetsOf(code), WHOLE, ...parts)
export const sectionOf = (code, number, words) =>
  keyed(octetsOf(code), SECTION, bigEndian(number, 2), octetsOf(asCompared(words)))

/** The digest of a file, without its code wherever that stands in it. */
export function fileOf(code, octets) {
  const printed = octetsOf(code.match(/.{4}/g).join("-"))
  const parts = []
  let from = 0
  for (let at = octets.indexOf(printed[0]); at >= 0; at = octets.indexOf(printed[0], at)) {
    if (isSame(octets.subarray(at, at + printed.length), printed)) {
      parts.push(octets.subarray(from, at))
      at += printed.length
      from = at
    } else {
      at += 1
    }
  }
  return keyed(octetsOf(code), FILE, concat(...parts, octets.subarray(from)))
}

async function eachOpening(files, look) {
  const checkpoint = parseCheckpoint(await files.get("checkpoint")())
  const inventory = new Inventory(files, Number(checkpoint.size), new Faults())
  for (const number of inventory.numbers(PAYLOADS)) {
    const payloads = await openPayloads(inventory, checkpoint.origin, number)
    for (let leaf = number * BLOCK; payloads.left > 0; leaf += 1) {
      const octets = payloads.counted("an opening")
      if (octets.length > 0) look(leaf, new Opening(octets))
    }
  }
}

const textAt = (opening, tag) => {
  const octets = opening.open(tag)
  return octets === null ? null : new TextDecoder().decode(octets)
}
const numberAt = (opening, tag) => (opening.open(tag) ?? []).reduce((sum, octet) => sum * 256 + octet, 0)
const recordsOf = (opening) =>
  (opening.list(TAG.records, 34)?.parts ?? []).map((row) => [hex(row.subarray(0, 16)), hex(row.subarray(16, 32))])

function note(found, leaf, opening) {
  if (opening.is(TAG.subject, "paper recalled")) {
    found.recalled = true
    return
  }
  for (const [record, version] of recordsOf(opening)) found.records.set(record, version)
  const whole = opening.open(TAG.digest)
  if (whole === null) return
  Object.assign(found, { leaf, whole, sections: opening.list(TAG.sections, 32)?.parts ?? [] })
  Object.assign(found, { what: textAt(opening, TAG.subject)?.replace(/^paper: /, "") ?? null, unit: textAt(opening, TAG.unit) })
  Object.assign(found, { made: numberAt(opening, TAG.time) / 1000, count: numberAt(opening, TAG.count) })
}

/**
 * Says what a paper is. `brought` is nothing, or has `file` (octets), or `section` and `words`. It counts only where
 * the export was found good.
 */
export async function paper(files, code, brought = {}) {
  const mark = markOf(code)
  const found = { leaf: null, records: new Map(), recalled: false, sections: [] }
  await eachOpening(files, (leaf, opening) => {
    const own = opening.open(TAG.paper)
    if (own !== null && isSame(own, mark)) note(found, leaf, opening)
  })
  if (found.leaf === null) return { standing: "unknown", agreement: "not-compared", alteredSections: [] }
  const since = await lookSince(files, found)
  return { standing: standingOf(found, since), ...compared(code, found, brought), ...about(found) }
}

const about = ({ leaf, what, unit, made, count }) => ({ leaf, what, unit, made, count })

async function lookSince(files, found) {
  const versions = new Set(found.records.values())
  const since = { newest: new Map(), erased: false }
  await eachOpening(files, (leaf, opening) => {
    if (opening.has(TAG.commitments)) {
      for (const [record, version] of recordsOf(opening)) if (found.records.has(record)) since.newest.set(record, version)
    }
    const erased = opening.list(TAG.erasesVersions, 18)?.parts ?? []
    since.erased ||= leaf > found.leaf && erased.some((row) => versions.has(hex(row.subarray(0, 16))))
  })
  return since
}

function standingOf(found, since) {
  if (since.erased) return "recalled-because-erased"
  if (found.recalled) return "recalled"
  const isNewest = ([record, version]) => (since.newest.get(record) ?? version) === version
  return [...found.records].every(isNewest) ? "genuine" : "superseded"
}

function compared(code, found, brought) {
  const isWhole = isSame(wholeOf(code, found.sections), found.whole)
  const isSection = (number, words) => {
    const held = found.sections[number - 1]
    return isWhole && held !== undefined && isSame(held, sectionOf(code, number, words))
  }
  if (brought.file) return comparedFile(code, found, brought.file, isWhole, isSection)
  if (brought.section === undefined) return { agreement: "not-compared", alteredSections: [] }
  const same = isSection(brought.section, brought.words)
  return same ? { agreement: "same", alteredSections: [] } : { agreement: "altered", alteredSections: [brought.section] }
}

function comparedFile(code, found, octets, isWhole, isSection) {
  if (isWhole && found.sections.length === 1 && isSame(found.sections[0], fileOf(code, octets))) {
    return { agreement: "same", alteredSections: [] }
  }
  const sections = sectionsOf(new TextDecoder().decode(octets))
  if (sections.size === 0) return { agreement: "altered", alteredSections: [] }
  const numbers = new Set([...found.sections.keys()].map((at) => at + 1).concat([...sections.keys()]))
  const alteredSections = [...numbers].filter((number) => !isSection(number, sections.get(number) ?? ""))
  return { agreement: alteredSections.length === 0 ? "same" : "altered", alteredSections }
}

/** The sections of a paper that was saved as a text, by their numbers. */
function sectionsOf(text) {
  const sections = new Map()
  let present = null
  for (const line of text.split(/\r?\n/)) {
    const heading = /^--- Section ([0-9]{1,5}) /.exec(line)
    if (line === "--- End") present = null
    else if (heading) present = Number(heading[1])
    else if (present !== null) sections.set(present, `${sections.get(present) ?? ""}${line}\n`)
  }
  return sections
}

