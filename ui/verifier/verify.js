// The checks of docs/formats/ledger.md, section 6, over the files of an export. Written from that page, as
// bluelamp-verify is; the tests hold the two against each other.

import { checkAbsences, checkStillThere } from "./absences.js"
import { Blocks, assemble, checkTiles, nameTreeFaults } from "./blocks.js"
import { Faults } from "./faults.js"
import { History } from "./history.js"
import { Inventory } from "./inventory.js"
import { isSameKey, isSignedBy, parseCheckpoint, parseKey } from "./note.js"
import { hex, textOf } from "./octets.js"
import { Statements } from "./statements.js"
import { Versions } from "./versions.js"

const MISSING = new Error("the file is missing")

async function readNote(files, name, parse) {
  try {
    const read = files.get(name)
    if (read === undefined || read === null) throw MISSING
    return { value: parse(await read()), why: null }
  } catch (error) {
    return { value: null, why: error.message }
  }
}

function oneLine(octets) {
  const text = textOf(octets)
  if (!text.endsWith("\n")) throw new Error("it is not one line with its end")
  return parseKey(text.slice(0, -1))
}

/** The keys, and which of them is trusted: one that was brought stands above that of the export. */
function checkKeys(own, checkpoint, brought, faults) {
  if (own.value === null) {
    faults.general("other-key", `the file vkey cannot be used: ${own.why}`)
    return brought?.key ?? null
  }
  if (checkpoint !== null && checkpoint.origin.text !== own.value.origin.text) {
    faults.general("other-key", "the file vkey is for another log or generation than the checkpoint")
  }
  if (brought && !isSameKey(brought, own.value)) {
    faults.general("other-key", "the key in the file vkey is not the one that you brought: somebody else signs")
  }
  return brought?.key ?? own.value.key
}

/**
 * Verifies an export. `files` is a map from each path below the folder to a function that reads the file, null where
 * it is no plain file. `trust` has the verifier key that somebody brings (`key`, a line) and checkpoints held outside
 * (`checkpoints`, each with `place` and `octets`). Throws where what somebody brings cannot be used.
 */
export async function verify(files, trust = {}) {
  const brought = trust.key ? parseKey(trust.key.trim()) : null
  const held = (trust.checkpoints ?? []).map(({ place, octets }) => ({ place, checkpoint: parseCheckpoint(octets) }))
  const faults = new Faults()
  const own = await readNote(files, "vkey", oneLine)
  const note = await readNote(files, "checkpoint", parseCheckpoint)
  const checkpoint = note.value
  const key = checkKeys(own, checkpoint, brought, faults)
  if (checkpoint === null) {
    faults.general("altered-checkpoint", `the file checkpoint cannot be used: ${note.why}`)
    return report(null, faults, { firstUse: brought === null })
  }
  const isSigned = key !== null && isSignedBy(checkpoint, key)
  if (!isSigned) {
    const what = "the checkpoint is altered or not the force's: it is not signed by the key of this log"
    faults.general("altered-checkpoint", what)
  }
  if (brought && brought.origin.base !== checkpoint.origin.base) {
    const what = `the export is of the log ${checkpoint.origin.base}, not of ${brought.origin.base}, whose key you brought`
    faults.general("other-log", what)
  }
  const found = await checkLog({ files, checkpoint, key, own: own.value?.key ?? null, isSigned, held, faults })
  return report(checkpoint, faults, { ...found, firstUse: brought === null })
}

async function checkLog({ files, checkpoint, key, own, isSigned, held, faults }) {
  const inventory = new Inventory(files, Number(checkpoint.size), faults)
  const statements = new Statements()
  const blocks = new Blocks(inventory, checkpoint.origin, statements, faults)
  await blocks.read()
  const tree = assemble(blocks.bundles, inventory.size, checkpoint.root)
  nameTreeFaults(tree, blocks.bundles, isSigned, faults)
  await checkTiles(blocks, tree.tree, faults)
  const payloads = checkAbsences(statements, faults)
  await checkStillThere(statements, inventory, checkpoint.origin, faults)
  const versions = await new Versions(inventory, checkpoint.origin, statements, faults).check()
  // Where another key than the pinned one signed, this is another log, and is judged by its own.
  const signer = own !== null && isSignedBy(checkpoint, own) ? own : key
  const history = new History({ checkpoint, key: signer, tree, inventory, faults })
  const past = await history.check(statements.generations, held)
  return { payloads, versions, ...past }
}

function report(checkpoint, faults, found) {
  return {
    good: faults.count === 0,
    origin: checkpoint?.origin.text ?? null,
    size: checkpoint === null ? null : Number(checkpoint.size),
    root: checkpoint === null ? null : hex(checkpoint.root),
    faults: faults.finish(),
    faultCount: faults.count,
    ...found
  }
}
