// What the entries say that other checks need: commitments, authorities over erasures, generations.

import { TAG } from "./opening.js"
import { hex } from "./octets.js"

export const KEPT_FOR_EVER = [1, 2, 20, 21, 22, 23, 24]

function number(octets) {
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}

/** The word of an entry that a target is erased, kept under the target. */
function add(map, target, word) {
  if (!map.has(target)) map.set(target, [])
  map.get(target).push(word)
}

export const leafTarget = (leaf, tag) => `${leaf}/${tag}`
export const versionTarget = (version, field) => `${version}/${field}`

export class Statements {
  constructor() {
    this.open = 0
    /** Absent payloads (tag 0) and erased fields. */
    this.absent = []
    /** By version: the entries that committed it. */
    this.commitments = new Map()
    /** Commitments whose list of records was erased, by hash: the leaves. */
    this.nameless = new Map()
    this.overLeaves = new Map()
    this.overVersions = new Map()
    this.generations = []
    this.lastUnreadable = -1
  }

  noteUnreadable(leaf) {
    this.lastUnreadable = Math.max(this.lastUnreadable, leaf)
  }

  note(leaf, opening, faults) {
    const complain = (what) => faults.at(leaf, "malformed-entry", `the entry breaks the format: ${what}`)
    this.open += 1
    for (const field of opening.fields.filter((one) => one.value === null)) this.absent.push({ leaf, tag: field.tag })
    for (const [tag, name] of [[TAG.operation, "operation"], [TAG.time, "time"], [TAG.actor, "actor"]]) {
      if (!opening.has(tag)) complain(`it does not state the ${name} (tag ${tag}), which every entry must`)
    }
    this.noteChanges(leaf, opening, complain)
    const isSound = opening.is(TAG.operation, "erasure") && hasGround(opening)
    this.noteAuthorities(leaf, opening, isSound ? "sound" : "groundless", complain)
    this.noteGeneration(leaf, opening, complain)
  }

  /** What an altered opening would have authorised, so that what follows from it can be told apart. */
  noteAltered(leaf, opening) {
    this.noteAuthorities(leaf, opening, "altered", () => {})
    if (opening.is(TAG.operation, "erasure")) this.noteUnreadable(leaf)
  }

  noteChanges(leaf, opening, complain) {
    const hashes = list(opening, TAG.commitments, 32, "version commitments", complain)
    if (hashes === null) return
    if (opening.has(TAG.records) && opening.open(TAG.records) === null) {
      for (const hash of hashes) add(this.nameless, hex(hash), leaf)
      return
    }
    const records = list(opening, TAG.records, 34, "records", complain) ?? []
    if (records.length !== hashes.length) {
      complain(`it names ${records.length} records (tag 12) but ${hashes.length} version commitments (tag 19)`)
    }
    const pairs = Math.min(records.length, hashes.length)
    for (let at = 0; at < pairs; at += 1) {
      const [record, version, kind] = [records[at].subarray(0, 16), records[at].subarray(16, 32), records[at].subarray(32)]
      add(this.commitments, hex(version), { leaf, record: hex(record), kind: hex(kind), hash: hex(hashes[at]) })
    }
  }

  noteAuthorities(by, opening, word, complain) {
    for (const part of list(opening, TAG.erasesLeaves, 10, "leaf fields", complain) ?? []) {
      const target = leafTarget(number(part.subarray(0, 8)), number(part.subarray(8)))
      add(this.overLeaves, target, { by, word })
    }
    for (const part of list(opening, TAG.erasesVersions, 18, "version fields", complain) ?? []) {
      add(this.overVersions, versionTarget(hex(part.subarray(0, 16)), number(part.subarray(16))), { by, word })
    }
  }

  noteGeneration(leaf, opening, complain) {
    if (!opening.is(TAG.operation, "generation")) return
    const note = opening.open(TAG.earlierCheckpoint)
    const lost = list(opening, TAG.lostLeaves, 16, "range of lost leaves", complain)
    if (note !== null && lost?.length === 1) {
      const range = [number(lost[0].subarray(0, 8)), number(lost[0].subarray(8))]
      this.generations.push({ leaf, note, lost: range })
    } else if (note !== null || lost !== null || leaf !== 0) {
      complain("it begins a generation, but does not state both the earlier checkpoint and one range of lost leaves")
    }
  }

  /** Why an absence at a leaf is not authorised by these words of entries; null where it is. */
  judge(leaf, words) {
    let flaw = { why: "no later entry authorises its erasure", consequence: false }
    if (this.lastUnreadable > leaf) {
      const why = `no later entry that can be trusted authorises its erasure (payloads up to leaf ${this.lastUnreadable} are altered or missing)`
      flaw = { why, consequence: true }
    }
    for (const { by, word } of sorted(words)) {
      if (by > leaf && word === "sound") return null
      if (by > leaf && word === "altered") {
        return { why: `the payload at leaf ${by} that names it is altered, and so proves nothing`, consequence: true }
      }
      const lack = by > leaf ? "it is no erasure with a stated ground" : "it is not later than this leaf"
      flaw = { why: `the entry at leaf ${by} that names it is no authority: ${lack}`, consequence: false }
    }
    return flaw
  }
}

const ORDER = ["sound", "groundless", "altered"]

function sorted(words = []) {
  return [...words].sort((one, other) => one.by - other.by || ORDER.indexOf(one.word) - ORDER.indexOf(other.word))
}

function hasGround(opening) {
  return (opening.open(TAG.ground) ?? []).some((octet) => ![9, 10, 12, 13, 32].includes(octet))
}

function list(opening, tag, length, name, complain) {
  const found = opening.list(tag, length)
  if (found === null) return null
  if (found.rest > 0) complain(`its ${name} (tag ${tag}) should be ${length} octets each, but ${found.rest} are left over`)
  return found.parts
}
