// Absent payloads and erased fields against the entries that authorise them (section 6, point 6).

import { known, openPayloads } from "./blocks.js"
import { BLOCK, PAYLOADS } from "./inventory.js"
import { Opening } from "./opening.js"
import { KEPT_FOR_EVER, leafTarget } from "./statements.js"

export function checkAbsences(statements, faults) {
  const count = { open: statements.open, erasedWhole: 0, erasedFields: 0 }
  for (const { leaf, tag } of statements.absent) {
    if (KEPT_FOR_EVER.includes(tag)) {
      faults.at(leaf, "erased-field", `field ${tag} of the payload is erased; this field may never be erased`)
      continue
    }
    const flaw = statements.judge(leaf, statements.overLeaves.get(leafTarget(leaf, tag)))
    if (flaw === null) {
      count[tag === 0 ? "erasedWhole" : "erasedFields"] += 1
      continue
    }
    const kind = tag === 0 ? "missing-payload" : "erased-field"
    const part = tag === 0 ? "the payload is missing" : `field ${tag} of the payload is erased`
    faults.at(leaf, kind, `${part}, and ${flaw.why}`, { consequence: flaw.consequence })
  }
  return count
}

/** Names what an entry says is erased from the log and is still there. */
export async function checkStillThere(statements, inventory, origin, faults) {
  const gone = new Set(statements.absent.map(({ leaf, tag }) => leafTarget(leaf, tag)))
  const wanted = new Map()
  for (const [target, words] of statements.overLeaves) {
    const [leaf, tag] = target.split("/").map(Number)
    const word = words.find(({ by, word }) => word === "sound" && by > leaf)
    if (word === undefined || gone.has(target) || gone.has(leafTarget(leaf, 0))) continue
    wanted.set(leaf, [...(wanted.get(leaf) ?? []), { tag, by: word.by }])
  }
  const blocks = new Set([...wanted.keys()].map((leaf) => Math.floor(leaf / BLOCK)))
  for (const block of blocks) await checkBlock(block, wanted, inventory, origin, faults)
}

async function checkBlock(block, wanted, inventory, origin, faults) {
  if (!inventory.has(PAYLOADS, block)) return
  try {
    const payloads = await openPayloads(inventory, origin, block)
    for (let leaf = block * BLOCK; payloads.left > 0; leaf += 1) {
      const octets = payloads.counted("an opening")
      if (wanted.has(leaf) && octets.length > 0) nameStillThere(leaf, new Opening(octets), wanted.get(leaf), faults)
    }
  } catch (malformed) {
    // What cannot be read is named elsewhere.
    known(malformed)
  }
}

function nameStillThere(leaf, opening, targets, faults) {
  for (const { tag, by } of targets) {
    if (tag !== 0 && opening.open(tag) === null) continue
    const part = tag === 0 ? "the payload" : `field ${tag} of the payload`
    faults.at(leaf, "still-there", `${part} was erased, says the entry at leaf ${by}, but is still there`)
  }
}
