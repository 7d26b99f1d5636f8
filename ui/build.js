// Writes dist/: the styles, our scripts, the design system's script and the icons.
//
// Each file carries the hash of its content in its name, and manifest.txt says which file is which. A
// script that imports another names it by "./NAME"; here that becomes the name with the hash, so that
// no import map is needed, which the content security policy would refuse.

import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, parse } from "node:path"
import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"
import { compile } from "sass"
import { checkContrast } from "./contrast.js"

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, "dist")
const HASH_DIGITS = 16

/** The files written so far: name to the name that carries the hash. */
const written = new Map()

function write(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, HASH_DIGITS)
  const { name: stem, ext } = parse(name)
  const file = `${stem}-${hash}${ext}`
  writeFileSync(join(dist, file), content)
  written.set(name, file)
}

function copyFolder(folder) {
  for (const name of readdirSync(join(here, folder)).sort()) {
    write(name, readFileSync(join(here, folder, name)))
  }
}

/** What the design systems warn each other of is not ours to mend. */
function warnOfOurs(message, { stack }) {
  if (!stack?.startsWith("node_modules/")) console.warn(`${message}\n${stack ?? ""}`)
}

function styles() {
  const { css } = compile(join(here, "styles/bluelamp.scss"), {
    style: "compressed",
    loadPaths: [here, join(here, "node_modules")],
    quietDeps: true,
    logger: { warn: warnOfOurs }
  })
  checkContrast(css)
  return css
}

function designSystem() {
  const path = "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js"
  return readFileSync(join(here, path), "utf8").replace(/\/\/# sourceMappingURL=.*$/m, "")
}

/** A package of many modules as one script. */
function packed(exported) {
  const built = buildSync({
    stdin: { contents: exported, resolveDir: here },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    target: "es2022",
    legalComments: "inline"
  })
  return built.outputFiles[0].text
}

const IMPORT = /(from|import\()\s*"\.\/([^"]+)"/g

function scripts() {
  const sources = new Map()
  for (const name of readdirSync(join(here, "scripts"))) {
    sources.set(name, readFileSync(join(here, "scripts", name), "utf8"))
  }
  return sources
}

/** Writes a script after those that it imports, whose hashes are then known. */
function writeScript(name, sources, above = []) {
  if (written.has(name)) return
  if (above.includes(name)) throw new Error(`ui/scripts: ${[...above, name].join(" imports ")}`)
  const source = sources.get(name)
  if (source === undefined) throw new Error(`ui/scripts/${above.at(-1)} imports "./${name}", which is not there`)
  for (const [, , imported] of source.matchAll(IMPORT)) writeScript(imported, sources, [...above, name])
  write(name, source.replace(IMPORT, (_, how, imported) => `${how} "./${written.get(imported)}"`))
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
copyFolder("icons")
write("licences.txt", readFileSync(join(here, "licences.txt")))
write("bluelamp.css", styles())
write("govuk-frontend.min.js", designSystem())
const sources = scripts()
sources.set(
  "hpke.js",
  packed('export { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core"')
)
for (const name of [...sources.keys()].sort()) writeScript(name, sources)
const lines = [...written].map(([name, file]) => `${name}\t${file}\n`)
writeFileSync(join(dist, "manifest.txt"), lines.join(""))
