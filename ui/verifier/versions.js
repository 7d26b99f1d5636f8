// Every committed version against its row (docs/formats/ledger.md, section 6, point 7).

import { known } from "./blocks.js"
import { inFile } from "./faults.js"
import { BLOCK, VERSIONS } from "./inventory.js"
import { Malformed, Octets, canonicalNumber, hex, textOf } from "./octets.js"
import { COLUMNS, Row } from "./opening.js"
import { versionTarget } from "./statements.js"

export class Versions {
  constructor(inventory, origin, statements, faults) {
    Object.assign(this, { inventory, origin, statements, faults })
    this.count = { held: 0, erased: 0, erasedFields: 0 }
    this.met = new Set()
    this.metNameless = new Set()
  }

  async check() {
    const numbers = this.inventory.numbers(VERSIONS)
    let last = ""
    for (const [place, number] of numbers.entries()) {
      const file = await this.readFile(number)
      const name = this.inventory.name(VERSIONS, number)
      if (file.first !== "" && last !== "" && last >= file.first) {
        this.faults.general("malformed-file", `the rows of ${name} do not come after those of the file before it`)
      }
      last = file.last || last
      const isLast = place + 1 === numbers.length
      if (file.rows !== BLOCK && !(isLast && (file.rows > 0 || place === 0))) {
        const what = `the file ${name} has ${file.rows} rows; only the last may have fewer than ${BLOCK}`
        this.faults.general("malformed-file", what)
      }
    }
    this.nameMissing()
    this.nameMissingNameless()
    return this.count
  }

  async readFile(number) {
    const file = { first: "", last: "", rows: 0 }
    try {
      await this.readRows(number, file)
    } catch (malformed) {
      const what = inFile(this.inventory.name(VERSIONS, number), known(malformed))
      this.faults.general("malformed-file", `${what}; the rows from there on cannot be read`)
    }
    return file
  }

  async readRows(number, file) {
    const octets = new Octets(await this.inventory.read(VERSIONS, number))
    octets.expectLine("bluelamp versions 1", "the first line")
    octets.expectLine(this.origin.text, "the origin")
    const at = octets.at
    file.rows = rowCount(octets.line(), at)
    if (file.rows > BLOCK) throw octets.malformed(`a file has at most ${BLOCK} rows, not ${file.rows}`)
    for (let read = 0; read < file.rows; read += 1) {
      const start = octets.at
      this.readRow(octets.counted("a row"), start, file)
    }
    octets.end()
  }

  readRow(octets, at, file) {
    try {
      this.checkRow(new Row(octets), at, file)
    } catch (malformed) {
      const what = `a row at octet ${at} of versions/ breaks the format: ${known(malformed).message}`
      const version = octets.length >= 16 ? hex(octets.subarray(0, 16)) : null
      const leaf = this.committed(version)[0]?.leaf ?? null
      this.faults.at(leaf, "malformed-file", what, { version })
    }
  }

  /** The commitments of a version, the first by leaf first. */
  committed(version) {
    return this.statements.commitments.get(version) ?? []
  }

  checkRow(row, at, file) {
    const version = hex(row.version)
    const commitments = this.committed(version)
    this.met.add(version)
    const leaf = commitments[0]?.leaf ?? this.namelessLeaf(row)
    if (file.last === version) {
      const what = `the row at octet ${at} of its file in versions/ stands there twice`
      this.faults.at(leaf, "malformed-file", what, { version })
      return
    }
    if (file.last > version) {
      const what = `the row at octet ${at} of its file in versions/ is out of order`
      this.faults.at(null, "malformed-file", what, { version })
    }
    file.first ||= version
    if (version > file.last) file.last = version
    if (leaf === null) {
      const what = "versions/ holds a version that no open entry commits: it was put there behind the ledger"
      this.faults.at(null, "unknown-version", what, { version })
      return
    }
    new RowCheck(this, row, leaf, version).all(commitments)
  }

  /** The leaf that committed a row whose list of records was erased, found by the commitment itself. */
  namelessLeaf(row) {
    const given = row.commitment()
    const leaves = given === null ? undefined : this.statements.nameless.get(hex(given))
    if (leaves === undefined) return null
    this.metNameless.add(hex(given))
    return leaves[0]
  }

  nameMissing() {
    for (const [version, commitments] of this.statements.commitments) {
      if (this.met.has(version)) continue
      const { leaf } = commitments[0]
      const flaw = this.statements.judge(leaf, this.statements.overVersions.get(versionTarget(version, 0)))
      if (flaw === null) {
        this.count.erased += 1
        continue
      }
      const what = `the version that this entry committed is missing, and ${flaw.why}`
      this.faults.at(leaf, "missing-version", what, { version, consequence: flaw.consequence })
    }
  }

  /** A commitment without a name may have been erased by any later word over a version that no entry names. */
  nameMissingNameless() {
    const excuses = []
    for (const [target, words] of this.statements.overVersions) {
      const [version, field] = target.split("/")
      const sound = words.find(({ word }) => word === "sound")
      if (field === "0" && sound !== undefined && !this.statements.commitments.has(version)) excuses.push(sound.by)
    }
    excuses.sort((one, other) => one - other)
    const unmet = [...this.statements.nameless].filter(([hash]) => !this.metNameless.has(hash))
    const leaves = unmet.flatMap(([, leaves]) => leaves).sort((one, other) => other - one)
    for (const leaf of leaves) {
      if (excuses.length > 0 && excuses.at(-1) > leaf) {
        excuses.pop()
        this.count.erased += 1
        continue
      }
      const flaw = this.statements.judge(leaf, [])
      const what = `a version that this entry committed is missing (its list of records is erased), and ${flaw.why}`
      this.faults.at(leaf, "missing-version", what, { consequence: flaw.consequence })
    }
  }
}

function rowCount(line, at) {
  let count = null
  try {
    count = canonicalNumber(textOf(line))
  } catch {
    // No UTF-8, and so no number.
  }
  if (count === null) throw new Malformed(at, "the count of rows is not a number in decimal")
  return Number(count)
}

/** The checks of one row, named at the leaf that committed it. */
class RowCheck {
  constructor(versions, row, leaf, version) {
    Object.assign(this, { versions, row, leaf, version })
  }

  fault(kind, what, leaf = this.leaf, more = {}) {
    this.versions.faults.at(leaf, kind, what, { version: this.version, ...more })
  }

  words(field) {
    return this.versions.statements.overVersions.get(versionTarget(this.version, field))
  }

  isErasedBy(field) {
    return (this.words(field) ?? []).some(({ by, word }) => word === "sound" && by > this.leaf)
  }

  all(commitments) {
    if (this.isErasedBy(0)) this.fault("still-there", "the version was erased whole, says a later entry, but is still there")
    const given = this.row.commitment()
    if (given === null) {
      this.fault("unreadable-version", "the version cannot be read: its body does not open under its key")
      return
    }
    this.versions.count.held += 1
    for (const commitment of commitments) this.against(commitment, hex(given))
    this.columns()
    for (const field of this.row.fields) this.field(field)
  }

  against(commitment, given) {
    if (commitment.hash !== given) {
      const what = "the version is altered: its body or a label differs from what this entry committed"
      this.fault("altered-version", what, commitment.leaf)
    }
    if (commitment.record !== hex(this.row.record) || commitment.kind !== hex(this.row.kind)) {
      this.fault("altered-version", "the row names another record or kind than the entry (tag 12)")
    }
  }

  columns() {
    for (const name of ["record", "version", "kind"]) {
      if (this.row.hasColumn(COLUMNS[name], this.row[name])) continue
      const what = `the row's ${name} differs from its plain column ${COLUMNS[name]}, or that column is not there`
      this.fault("altered-version", what)
    }
  }

  field({ tag, form, isColumn }) {
    if (isColumn) {
      if (form !== "open") this.fault("altered-version", `the plain column ${tag} is not open, so that it cannot be checked`)
    } else if (form === "open") {
      this.fault("malformed-file", `field ${tag} of the body is shown; an export shows no content`)
    } else if (form === "erased") {
      this.erasedField(tag)
    } else if (this.isErasedBy(tag)) {
      this.fault("still-there", `field ${tag} was erased, says a later entry, but is still there`)
    }
  }

  erasedField(tag) {
    const flaw = this.versions.statements.judge(this.leaf, this.words(tag))
    if (flaw === null) {
      this.versions.count.erasedFields += 1
      return
    }
    const what = `field ${tag} of the version is erased, and ${flaw.why}`
    this.fault("erased-version-field", what, this.leaf, { consequence: flaw.consequence })
  }
}
