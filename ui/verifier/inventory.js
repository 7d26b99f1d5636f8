// What files an export has, and what files it should have (docs/formats/ledger.md, section 5).

import { run } from "./faults.js"

export const BUNDLE = 256
export const BLOCK = 65_536
const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7]
const LEFT_BY_FILE_MANAGERS = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\.directory|\._[^/]*)$/

/** A number as tlog-tiles writes it in paths: x001/x234/067. */
function numberPath(number) {
  let path = String(number % 1000).padStart(3, "0")
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`
  }
  return path
}

const PATH = /^(payloads|versions|tile\/(?:entries|[0-9]+))\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]*))?$/

/** Series, number and width of a path; null where it is none of a log. */
function parsePath(path) {
  const parts = PATH.exec(path)
  if (parts === null) return null
  const [, series, digits, partial] = parts
  const number = Number(digits.replaceAll(/[x/]/g, ""))
  const isOneWay = Number.isSafeInteger(number) && numberPath(number) === digits
  return isOneWay ? { series, number, partial: partial === undefined ? null : Number(partial) } : null
}

export const tile = (level) => `tile/${level}`
export const ENTRIES = "tile/entries"
export const PAYLOADS = "payloads"
export const VERSIONS = "versions"

/** How many leaves one full file of a series stands for. */
function leavesOf(series) {
  if (series === ENTRIES) return BUNDLE
  if (series === PAYLOADS) return BLOCK
  return BUNDLE ** (Number(series.slice("tile/".length)) + 1)
}

export class Inventory {
  /** `files` gives for each path a function that reads it, or null where it is no plain file. */
  constructor(files, size, faults) {
    this.files = files
    this.size = size
    this.present = new Map()
    for (const [path, read] of files) this.sortIn(path, read, faults)
    for (const numbers of this.present.values()) numbers.sort((one, other) => one - other)
    this.nameMissing(faults)
  }

  sortIn(path, read, faults) {
    if (read === null) {
      faults.general("extra-file", `${path} is neither a plain file nor a folder; an export has no others`)
      return
    }
    if (path === "checkpoint" || path === "vkey") return
    const file = parsePath(path)
    if (file !== null && this.belongs(file)) {
      if (!this.present.has(file.series)) this.present.set(file.series, [])
      this.present.get(file.series).push(file.number)
      return
    }
    const why = LEFT_BY_FILE_MANAGERS.test(path)
      ? "was left by the file manager of a computer and is no part of the log: delete it and check again"
      : `does not belong to a log of ${this.size} entries: it is left over or was put there`
    faults.general("extra-file", `the file ${path} ${why}`)
  }

  belongs({ series, number, partial }) {
    const expected = this.expected(series)
    return (expected === null || number < expected) && partial === this.partial(series, number)
  }

  /** How many hashes or entries a series lists in all; null where it lists neither. */
  width(series) {
    if (series === ENTRIES) return this.size
    if (!series.startsWith("tile/")) return null
    return Math.floor(this.size / 256 ** Number(series.slice("tile/".length)))
  }

  /** How many files a series must have; null for versions, whose number no checkpoint tells. */
  expected(series) {
    if (series === VERSIONS) return null
    return Math.ceil((this.width(series) ?? this.size / 256) / BUNDLE)
  }

  partial(series, number) {
    const width = this.width(series)
    return width !== null && number === Math.floor(width / BUNDLE) ? width % BUNDLE : null
  }

  numbers(series) {
    return this.present.get(series) ?? []
  }

  has(series, number) {
    return this.files.has(this.name(series, number)) && this.numbers(series).includes(number)
  }

  name(series, number) {
    const partial = this.partial(series, number)
    return `${series}/${numberPath(number)}${partial === null ? "" : `.p/${partial}`}`
  }

  /** How many hashes or entries a file should hold. */
  widthOf(series, number) {
    return this.partial(series, number) ?? BUNDLE
  }

  read(series, number) {
    return this.files.get(this.name(series, number))()
  }

  nameMissing(faults) {
    for (const series of [...LEVELS.map(tile), ENTRIES, PAYLOADS]) {
      for (const [from, end] of gaps(this.numbers(series), this.expected(series))) {
        const leaves = leavesOf(series)
        const last = Math.min(end * leaves, this.size) - 1
        const files = `${this.name(series, from)}${end - from > 1 ? " and those after it" : ""}`
        const what = `the file ${files} is missing: nothing there can be checked for ${run(from * leaves, last)}`
        faults.at(from * leaves, "missing-file", what)
      }
    }
    const versions = this.numbers(VERSIONS)
    for (const [from] of gaps(versions, (versions.at(-1) ?? -1) + 1)) {
      faults.general("missing-file", `the file ${this.name(VERSIONS, from)} is missing, though later ones are there`)
    }
  }
}

/** The runs (first, end) that are missing from ascending numbers below `expected`. */
function gaps(present, expected) {
  const starts = [0, ...present.map((number) => number + 1)]
  const ends = [...present, expected]
  return starts.map((start, at) => [start, ends[at]]).filter(([start, end]) => start < end)
}
