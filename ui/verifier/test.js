// Holds this verifier against bluelamp-verify. The argument is a folder of exports that the tests of the Rust verifier
// wrote, with what that found: DUMP_EXPORTS=FOLDER cargo nextest run -p bluelamp-witness.

import { strict as assert } from "node:assert"
import { lstatSync, readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { verifierPage } from "./build.js"
import { fileOf, markOf, paper, readCode, sectionOf } from "./paper.js"
import { hex, octetsOf } from "./octets.js"
import { verify } from "./verify.js"

const folder = process.env.DUMP_EXPORTS
assert(folder, "DUMP_EXPORTS names the folder of exports that the Rust tests wrote")

function filesOf(root, path = "") {
  const files = new Map()
  for (const name of readdirSync(join(root, path))) {
    const below = path === "" ? name : `${path}/${name}`
    const kind = lstatSync(join(root, below))
    if (kind.isDirectory()) for (const [one, read] of filesOf(root, below)) files.set(one, read)
    else files.set(below, kind.isFile() ? async () => new Uint8Array(readFileSync(join(root, below))) : null)
  }
  return files
}

const cases = readdirSync(folder).sort()

test("both verifiers agree on every export that the Rust tests tamper with", async () => {
  assert(cases.length > 60, `only ${cases.length} exports: were all tests run?`)
  for (const name of cases) {
    const expected = JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8"))
    const checkpoints = expected.checkpoints.map((note) => ({ place: "a checkpoint", octets: octetsOf(note) }))
    const report = await verify(filesOf(join(folder, name, "export")), { key: expected.key, checkpoints })
    const first = report.faults[0]
    const found = { good: report.good, kind: first?.kind ?? null, leaf: first?.leaf ?? null }
    const wanted = { good: expected.good, kind: expected.kind, leaf: expected.leaf }
    // Of a size that no log has, the kind of what is wrong is no matter.
    if (expected.size > Number.MAX_SAFE_INTEGER) assert.equal(found.good, wanted.good, name)
    else assert.deepEqual(found, wanted, `${name}: ${JSON.stringify(report.faults.slice(0, 3))}`)
  }
})

test("octets of an export that are altered are seen", async () => {
  const good = cases.filter((name) => JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8")).good)
  const sizes = good.map((name) => [filesOf(join(folder, name, "export")), name])
  const [files] = sizes.find(([one]) => one.has("versions/000") && one.has("tile/0/000.p/12"))
  const octets = new Map()
  for (const [path, read] of files) octets.set(path, await read())
  for (const [path, whole] of octets) {
    // Each octet of what is signed and of the key; of the rest so many that each field is met.
    for (let at = 0; at < whole.length; at += path.includes("/") ? 7 : 1) {
      const altered = whole.slice()
      altered[at] ^= 1
      const report = await verify(new Map([...files, [path, async () => altered]]))
      assert(!report.good, `${path}, octet ${at}`)
    }
  }
})

test("the file that bluelamp-verify gives out is made of these sources", async () => {
  const given = readFileSync(new URL("../../crates/witness/verifier.html", import.meta.url), "utf8")
  assert.equal(given, await verifierPage(), "build it anew: scripts/ui.sh")
})

const CODE = "0123456789ABCDE4"

test("codes and digests are those of the other verifier", () => {
  assert.equal(readCode("o123 4567-89ab cde4"), CODE)
  for (const wrong of ["0123-4567-89AB-CDE5", "1023-4567-89AB-CDE4", "0123", "U"]) assert.throws(() => readCode(wrong))
  const source = readFileSync(new URL("../../crates/witness/src/code.rs", import.meta.url), "utf8")
  const known = (name) => new RegExp(`const ${name}: &str = "([0-9a-f]{64})"`).exec(source)[1]
  assert.equal(hex(markOf(CODE)), known("MARK"))
  assert.equal(hex(sectionOf(CODE, 1, " The record\nName  “Anna’s” — SMITH ")), known("SECTION"))
  assert.equal(hex(fileOf(CODE, octetsOf("ref,paper\r\nA,0123-4567-89AB-CDE4\r\n"))), known("FILE"))
})

test("both say the same of papers", async () => {
  let compared = 0
  for (const name of cases) {
    const expected = JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8"))
    for (const asked of expected.papers ?? []) {
      const brought = asked.file === null ? {} : { file: octetsOf(asked.file) }
      if (asked.section !== null) Object.assign(brought, { section: asked.section, words: asked.words })
      const found = await paper(filesOf(join(folder, name, "export")), CODE, brought)
      const { standing, agreement, alteredSections } = found
      assert.deepEqual({ standing, agreement, alteredSections }, asked.expected, `${name}: ${JSON.stringify(asked)}`)
      compared += 1
    }
  }
  assert(compared > 8, `only ${compared} papers`)
})
