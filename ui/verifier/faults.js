// What is wrong, at which leaf, in plain words.

const KEPT = 1000

export class Faults {
  constructor() {
    this.all = []
    this.count = 0
  }

  at(leaf, kind, what, more = {}) {
    this.count += 1
    this.all.push({ leaf, version: null, kind, what, consequence: false, ...more })
    if (this.all.length >= KEPT * 2) this.trim()
  }

  general(kind, what) {
    this.at(null, kind, what)
  }

  trim() {
    // Those of no leaf come after those of leaves, and what may only follow from others last.
    const place = (fault) => [fault.consequence ? 1 : 0, fault.leaf === null ? 1 : 0, fault.leaf ?? 0]
    const compare = (one, other) => one.map((part, at) => part - other[at]).find((difference) => difference !== 0) ?? 0
    this.all.sort((one, other) => compare(place(one), place(other)))
    this.all.length = Math.min(this.all.length, KEPT)
  }

  finish() {
    this.trim()
    return this.all
  }
}

/** A run of leaves in words. */
export function run(first, last) {
  return first === last ? `leaf ${first}` : `leaves ${first} to ${last}`
}

export function inFile(file, malformed) {
  return `the file ${file} breaks the format at octet ${malformed.offset}: ${malformed.message}`
}
