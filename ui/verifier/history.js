// The tree against what was seen before: rewinds, forks and gaps (section 6, points 3 and 4).

import { isSame } from "./octets.js"
import { isSignedBy, parseCheckpoint } from "./note.js"

export class History {
  constructor({ checkpoint, key, tree, inventory, faults }) {
    Object.assign(this, { origin: checkpoint.origin, size: inventory.size, key, tree, inventory, faults })
    this.beginnings = []
  }

  async check(entries, held) {
    for (const entry of entries) await this.begin(entry)
    const last = this.beginnings.at(-1)?.generation ?? 1n
    if (last !== this.origin.generation) {
      const what = `the log calls itself generation ${this.origin.generation}, but the last entry that begins a generation begins ${last}`
      this.faults.general("gap", `${what}: the entry that must state what was lost is not there`)
    }
    const comparisons = []
    for (const one of held) comparisons.push({ ...one, outcome: await this.compare(one) })
    const gaps = this.beginnings.filter(({ firstLost, endOfLoss }) => endOfLoss > firstLost)
    return { comparisons, gaps }
  }

  /** Reads one entry that begins a generation, where it can be one. */
  async begin({ leaf, note, lost: [first, end] }) {
    const wrong = (what) => this.faults.at(leaf, "gap", `the entry that begins a generation is wrong: ${what}`)
    let earlier
    try {
      earlier = parseCheckpoint(note)
    } catch (error) {
      wrong(`the earlier checkpoint in it cannot be read: ${error.message}`)
      return
    }
    if (earlier.origin.base !== this.origin.base || !this.isOurs(earlier)) {
      wrong("the earlier checkpoint in it is not signed by this log's key")
      return
    }
    if (first > leaf || end < first) wrong(`it states the lost leaves ${first} to ${end} (not included)`)
    const generation = earlier.origin.generation + 1n
    if (this.beginnings.length > 0 && generation <= this.beginnings.at(-1).generation) {
      wrong("it does not come after the generation before it")
      return
    }
    const firstLost = Math.min(first, leaf)
    const beginning = { generation, leaf, firstLost, endOfLoss: Math.max(end, firstLost) }
    if (["fork", "beyond-gap"].includes(await this.againstBeginning(earlier, beginning))) {
      wrong("the earlier checkpoint in it does not fit this tree and the loss that it states")
    }
    this.beginnings.push(beginning)
  }

  isOurs(checkpoint) {
    return this.key === null || isSignedBy(checkpoint, this.key)
  }

  async compare({ place, checkpoint }) {
    if (checkpoint.origin.base !== this.origin.base) {
      this.faults.general("other-log", `${place} is of another log, ${checkpoint.origin.text}`)
      return "not-compared"
    }
    if (!this.isOurs(checkpoint)) {
      this.faults.general("other-key", `${place} is not signed by this log's key, and nothing of it was compared`)
      return "not-compared"
    }
    if (checkpoint.origin.generation > this.origin.generation) {
      this.faults.general("rewind", `rewind: ${place} is of a later generation than this log`)
      return "rewind"
    }
    const beginning = this.beginnings.find(({ generation }) => generation > checkpoint.origin.generation)
    const outcome = beginning ? await this.againstBeginning(checkpoint, beginning) : await this.againstTree(checkpoint)
    this.name(outcome, place, Number(checkpoint.size), beginning)
    return outcome
  }

  async againstBeginning(checkpoint, { leaf, firstLost, endOfLoss }) {
    const size = Number(checkpoint.size)
    if (size <= firstLost) return this.againstTree(checkpoint)
    // Of leaves that were lost and replaced some may still be what was shown.
    if (size <= leaf && (await this.againstTree(checkpoint)) === "prefix") return "prefix"
    return size <= endOfLoss ? "gap" : "beyond-gap"
  }

  async againstTree(checkpoint) {
    const size = Number(checkpoint.size)
    if (size > this.size) return "rewind"
    const root = await this.tree.rootAt(size, this.inventory)
    if (root === null) return "not-compared"
    return isSame(root, checkpoint.root) ? "prefix" : "fork"
  }

  name(outcome, place, size, beginning) {
    if (outcome === "rewind") {
      this.faults.at(this.size, "rewind", `rewind: ${place} shows ${size} entries, the log now only ${this.size}`)
    } else if (outcome === "fork") {
      this.faults.general("fork", `fork: ${place} shows another history of the first ${size} entries than this export`)
    } else if (outcome === "beyond-gap") {
      this.faults.at(beginning.leaf, "gap", `${place} shows ${size} entries, more than the loss that this entry states`)
    } else if (outcome === "not-compared") {
      this.faults.general("missing-file", `${place} could not be compared, because the tree cannot be computed so far`)
    }
  }
}
