// Entries, level-0 tiles and payloads, each read once; and the tree that they give.

import { Faults, inFile, run } from "./faults.js"
import { leafHash } from "./hashes.js"
import { BLOCK, BUNDLE, ENTRIES, PAYLOADS, tile } from "./inventory.js"
import { Malformed, Octets, concat, isSame } from "./octets.js"
import { Opening } from "./opening.js"
import { Peaks, Tree } from "./tree.js"

const ENTRY = 33
const HASH = 32
const ONE = new Uint8Array([1])

const isSameHash = (one, other) => one !== null && other !== null && isSame(one, other)

/** A payload file, read one opening at a time. */
export async function openPayloads(inventory, origin, number) {
  const first = number * BLOCK
  const end = Math.min(first + BLOCK, inventory.size)
  const octets = new Octets(await inventory.read(PAYLOADS, number))
  octets.expectLine("bluelamp payloads 1", "the first line")
  octets.expectLine(origin.text, "the origin")
  octets.expectLine(String(first), "the first leaf")
  octets.expectLine(String(end - first), "the count of payloads")
  return octets
}

export class Blocks {
  constructor(inventory, origin, statements, faults) {
    Object.assign(this, { inventory, origin, statements, faults, bundles: [] })
  }

  async read() {
    const { inventory } = this
    const numbers = new Set(inventory.numbers(PAYLOADS))
    for (const series of [ENTRIES, tile(0)]) {
      for (const number of inventory.numbers(series)) numbers.add(Math.floor((number * BUNDLE) / BLOCK))
    }
    for (const number of [...numbers].sort((one, other) => one - other)) await this.readBlock(number)
  }

  async readBlock(number) {
    const first = number * BLOCK
    const end = Math.min(first + BLOCK, this.inventory.size)
    this.payloads = null
    this.file = this.inventory.name(PAYLOADS, number)
    if (this.inventory.has(PAYLOADS, number)) await this.openPayloads(number, first, end)
    for (let bundle = Math.floor(first / BUNDLE); bundle * BUNDLE < end; bundle += 1) await this.readBundle(bundle, end)
    try {
      this.payloads?.end()
    } catch (malformed) {
      this.faults.at(end - 1, "malformed-file", inFile(this.file, known(malformed)))
    }
    if (this.payloads === null) this.statements.noteUnreadable(end - 1)
  }

  async openPayloads(number, first, end) {
    try {
      this.payloads = await openPayloads(this.inventory, this.origin, number)
    } catch (malformed) {
      this.giveUp(first, end, known(malformed))
    }
  }

  giveUp(leaf, end, malformed) {
    this.payloads = null
    const what = `${inFile(this.file, malformed)}; the payloads of ${run(leaf, end - 1)} cannot be read`
    this.faults.at(leaf, "malformed-file", what)
  }

  async readBundle(number, end) {
    const leaves = await this.readLeaves(number)
    const disagreements = []
    for (let at = 0; at < leaves.entries.length; at += 1) {
      const [leaf, entry, stored] = [number * BUNDLE + at, leaves.entries[at], leaves.tile[at]]
      const side = this.readPayload(leaf, end, entry, stored)
      if (entry !== null && stored !== null && !isSame(entry, stored)) disagreements.push({ leaf, side })
    }
    const peaks = (hashes) => (hashes.includes(null) ? null : new Peaks(hashes))
    const bundle = { number, disagreements, entries: peaks(leaves.entries), tile: peaks(leaves.tile) }
    if (bundle.entries !== null || bundle.tile !== null) this.bundles.push(bundle)
  }

  async readLeaves(number) {
    const empty = new Array(this.inventory.widthOf(ENTRIES, number)).fill(null)
    const leaves = { entries: empty, tile: empty }
    const entries = await this.readFile(ENTRIES, number, ENTRY + 2)
    if (entries !== null) leaves.entries = entries.map((part, at) => this.entry(number, at, part))
    const hashes = await this.readFile(tile(0), number, HASH)
    if (hashes !== null) leaves.tile = hashes
    return leaves
  }

  entry(bundle, at, part) {
    if (part[0] !== 0 || part[1] !== ENTRY) {
      const malformed = new Malformed(at * (ENTRY + 2), "the length before an entry should be 33")
      this.faults.at(bundle * BUNDLE + at, "malformed-file", inFile(this.inventory.name(ENTRIES, bundle), malformed))
      return null
    }
    const entry = part.subarray(2)
    if (entry[0] !== 1) {
      this.faults.at(bundle * BUNDLE + at, "altered-entry", "the entry does not begin with octet 01")
    }
    return leafHash(entry)
  }

  /** The parts of a bundle or tile; null where it is missing (named elsewhere) or of the wrong length. */
  async readFile(series, number, item) {
    if (!this.inventory.has(series, number)) return null
    const octets = await this.inventory.read(series, number)
    const width = this.inventory.widthOf(series, number)
    if (octets.length !== width * item) {
      const offset = Math.min(octets.length, width * item)
      const leaf = number * BUNDLE + Math.min(Math.floor(offset / item), width - 1)
      const malformed = new Malformed(offset, `the file should have ${width * item} octets, and has ${octets.length}`)
      this.faults.at(leaf, "malformed-file", inFile(this.inventory.name(series, number), malformed))
      return null
    }
    return Array.from({ length: width }, (_, at) => octets.subarray(at * item, (at + 1) * item))
  }

  /** Reads the payload of a leaf, and says which of entry and tile it agrees with. */
  readPayload(leaf, end, entry, stored) {
    const opening = this.nextOpening(leaf, end)
    if (opening === null) return null
    const given = leafHash(concat(ONE, opening.commitment()))
    const side = isSameHash(given, entry) ? "entries" : isSameHash(given, stored) ? "tiles" : null
    if (side !== null) {
      this.statements.note(leaf, opening, this.faults)
      return side
    }
    this.statements.noteAltered(leaf, opening)
    if (entry !== null || stored !== null) {
      const what = "the payload is altered: it does not give the entry that the log holds for it"
      this.faults.at(leaf, "altered-payload", what)
    }
    return null
  }

  nextOpening(leaf, end) {
    if (this.payloads === null) return null
    let octets
    try {
      octets = this.payloads.counted("an opening")
    } catch (malformed) {
      this.giveUp(leaf, end, known(malformed))
      return null
    }
    if (octets.length === 0) {
      this.statements.absent.push({ leaf, tag: 0 })
      return null
    }
    try {
      return new Opening(octets)
    } catch (malformed) {
      const { offset, message } = known(malformed)
      this.faults.at(leaf, "altered-payload", `the payload is altered: at its octet ${offset}, ${message}`)
      this.statements.noteUnreadable(leaf)
      return null
    }
  }
}

/** Malformed octets are a finding; anything else is a mistake of this program, and goes on. */
export function known(error) {
  if (!(error instanceof Malformed)) throw error
  return error
}

function sideOf(choice, bundle) {
  if (choice !== "openings") return choice
  const forTiles = bundle.disagreements.length > 0 && bundle.disagreements.every((at) => at.side === "tiles")
  return forTiles ? "tiles" : "entries"
}

/** The tree by a choice of side where entries and tiles differ. */
class Assembled {
  constructor(choice, bundles, size, root) {
    this.tree = new Tree()
    this.chosen = []
    for (const [number, bundle] of bundles.entries()) {
      if (bundle.number !== number) break
      const wanted = sideOf(choice, bundle)
      const side = (wanted === "entries" ? bundle.entries : bundle.tile) === null ? otherSide(wanted) : wanted
      this.tree.push(side === "entries" ? bundle.entries : bundle.tile)
      this.chosen.push(side)
    }
    this.size = size
    this.isComplete = this.chosen.length === Math.ceil(size / BUNDLE)
    this.agrees = this.isComplete && isSame(this.tree.root(), root)
  }

  /** The root of the first leaves; null where the tree could not be computed so far. */
  async rootAt(size, inventory) {
    if (size === this.size) return this.isComplete ? this.tree.root() : null
    const [bundle, rest] = [Math.floor(size / BUNDLE), size % BUNDLE]
    if (rest === 0) return this.tree.rootOfPrefix(bundle, [])
    const side = this.chosen[bundle]
    if (side === undefined) return null
    // Read once more; what is wrong with them is named already.
    const { entries, tile: stored } = await new Blocks(inventory, null, null, new Faults()).readLeaves(bundle)
    const leaves = (side === "entries" ? entries : stored).slice(0, rest)
    return leaves.length < rest || leaves.includes(null) ? null : this.tree.rootOfPrefix(bundle, leaves)
  }
}

const otherSide = (side) => (side === "entries" ? "tiles" : "entries")

/** Puts the bundles together so that they give the signed root, if they can. */
export function assemble(bundles, size, root) {
  const first = new Assembled("openings", bundles, size, root)
  if (first.agrees || bundles.every((bundle) => bundle.disagreements.length === 0)) return first
  const others = ["entries", "tiles"].map((choice) => new Assembled(choice, bundles, size, root))
  return others.find((tree) => tree.agrees) ?? first
}

export function nameTreeFaults(assembled, bundles, isSigned, faults) {
  for (const bundle of bundles) {
    const chosen = assembled.chosen[bundle.number]
    for (const at of bundle.disagreements) nameDisagreement(assembled.agrees || at.side !== null, chosen, at.leaf, faults)
  }
  if (!assembled.isComplete || assembled.agrees) return
  const signs = isSigned ? "signs" : "states"
  faults.general("wrong-root", `the entries and tiles do not give the root that the checkpoint ${signs}`)
}

function nameDisagreement(isSure, chosen, leaf, faults) {
  if (!isSure) {
    faults.at(leaf, "altered-entry", "the entry and the tile do not agree: one of them is altered")
  } else if (chosen === "tiles") {
    faults.at(leaf, "altered-entry", "the entry is altered: it does not hash to its leaf")
  } else {
    faults.at(leaf, "altered-tile", "the level-0 tile is altered: it does not hold the hash of this entry")
  }
}

/** Compares every tile above level 0 with the nodes under it. */
export async function checkTiles(blocks, tree, faults) {
  for (const [at, nodes] of tree.levels().entries()) {
    const level = at + 1
    for (const number of blocks.inventory.numbers(tile(level))) await checkTile(blocks, level, number, nodes, faults)
  }
}

async function checkTile({ inventory }, level, number, nodes, faults) {
  const octets = await inventory.read(tile(level), number)
  const [width, file, first] = [inventory.widthOf(tile(level), number), inventory.name(tile(level), number), number * BUNDLE]
  const leafOf = (node) => node * BUNDLE ** level
  if (octets.length !== width * HASH) {
    const offset = Math.min(octets.length, width * HASH)
    const node = first + Math.min(Math.floor(offset / HASH), width - 1)
    const malformed = new Malformed(offset, `the file should have ${width * HASH} octets, and has ${octets.length}`)
    faults.at(leafOf(node), "malformed-file", inFile(file, malformed))
    return
  }
  for (let at = 0; at < width && first + at < nodes.length; at += 1) {
    if (isSame(octets.subarray(at * HASH, (at + 1) * HASH), nodes[first + at])) continue
    const what = `the tile ${file} is altered: its hash for the leaves from here on is not theirs`
    faults.at(leafOf(first + at), "altered-tile", what)
  }
}
