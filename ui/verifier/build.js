// Puts the verifier together: one HTML file that needs nothing else, and that somebody can still read. It is committed where the program takes it in, so
// that the program builds without Node.

import { build } from "esbuild"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const read = (name) => readFileSync(join(here, name), "utf8")

/** The text of the file. */
export async function verifierPage() {
  const { outputFiles } = await build({
    // The names of the sources in the file do not depend on where somebody stands who builds it.
    absWorkingDir: dirname(here),
    entryPoints: [join(here, "page.js")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "inline"
  })
  // A script ends at the first end tag, wherever it stands.
  const script = outputFiles[0].text.replaceAll("</script", "<\\/script").trim()
  const page = read("page.html").replace("/*STYLE*/", () => read("page.css").trim())
  return page.replace("/*SCRIPT*/", () => script)
}
