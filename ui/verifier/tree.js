// The Merkle tree, recomputed (RFC 6962 section 2.1).

import { EMPTY_ROOT, nodeHash } from "./hashes.js"
import { BUNDLE } from "./inventory.js"

const TILE_HEIGHT = 8

/** The roots of the perfect subtrees of a run of leaves, left to right, with their heights. */
export class Peaks {
  constructor(leaves = []) {
    this.peaks = []
    for (const leaf of leaves) this.push(0, leaf)
  }

  push(height, hash) {
    let node = { height, hash }
    while (this.peaks.at(-1)?.height === node.height) {
      node = { height: node.height + 1, hash: nodeHash(this.peaks.pop().hash, node.hash) }
    }
    this.peaks.push(node)
  }

  extend(other) {
    for (const { height, hash } of other.peaks) this.push(height, hash)
  }

  root() {
    if (this.peaks.length === 0) return EMPTY_ROOT
    return this.peaks.map((peak) => peak.hash).reduceRight((right, left) => nodeHash(left, right))
  }

  /** The one node, where the run is exactly one full tile. */
  tileNode() {
    return this.peaks.length === 1 && this.peaks[0].height === TILE_HEIGHT ? this.peaks[0].hash : null
  }
}

/** A node for each full bundle, and the peaks of the rest. */
export class Tree {
  constructor() {
    this.nodes = []
    this.tail = new Peaks()
  }

  push(peaks) {
    const node = peaks.tileNode()
    if (node === null) this.tail = peaks
    else this.nodes.push(node)
  }

  firstBundles(count) {
    const peaks = new Peaks()
    for (const node of this.nodes.slice(0, count)) peaks.push(TILE_HEIGHT, node)
    return peaks
  }

  root() {
    const peaks = this.firstBundles(this.nodes.length)
    peaks.extend(this.tail)
    return peaks.root()
  }

  /** The root of the first full bundles and some leaves after them; null where the tree is shorter. */
  rootOfPrefix(bundles, leaves) {
    if (bundles > this.nodes.length) return null
    const peaks = this.firstBundles(bundles)
    peaks.extend(new Peaks(leaves))
    return peaks.root()
  }

  /** The nodes that the tiles of level 1, 2 … list. */
  levels() {
    const levels = []
    let nodes = this.nodes
    while (nodes.length > 0) {
      levels.push(nodes)
      const above = []
      for (let at = 0; at + BUNDLE <= nodes.length; at += BUNDLE) {
        above.push(new Peaks(nodes.slice(at, at + BUNDLE)).tileNode())
      }
      nodes = above
    }
    return levels
  }
}
