// The page: what somebody drops is read, checked and told in plain words.

import { paper, readCode } from "./paper.js"
import { verify } from "./verify.js"

const at = (id) => document.getElementById(id)
const MOST_SHOWN = 50

/** The export: for each path below its folder, a function that reads the file. */
let files = new Map()
/** The export that was found good last, by which papers are judged. */
let goodFiles = null

const reader = (file) => async () => new Uint8Array(await file.arrayBuffer())

/** The files of an entry that was dropped, with their paths. */
async function walk(entry, path) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject))
    return [[path, reader(file)]]
  }
  const folder = entry.createReader()
  const below = []
  // A browser gives some of the entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise((resolve, reject) => folder.readEntries(resolve, reject))
    if (some.length === 0) break
    below.push(...some)
  }
  const prefix = path === "" ? "" : `${path}/`
  const found = []
  for (const one of below) found.push(...(await walk(one, prefix + one.name)))
  return found
}

/** The export stands where its checkpoint and key are: the folder itself, or the only one in it. */
function withoutFolder(pairs) {
  const paths = pairs.map(([path]) => path)
  const isExport = (prefix) => paths.includes(`${prefix}checkpoint`) || paths.includes(`${prefix}vkey`)
  const first = `${(paths[0] ?? "").split("/")[0]}/`
  const prefix = !isExport("") && isExport(first) && paths.every((path) => path.startsWith(first)) ? first : ""
  return new Map(pairs.map(([path, read]) => [path.slice(prefix.length), read]))
}

function taken(pairs) {
  files = withoutFolder(pairs)
  goodFiles = null
  at("answer").replaceChildren(said("p", `${files.size} files are read in. Now check the log.`))
  at("paper-answer").replaceChildren()
}

function said(element, text, className = "") {
  const node = document.createElement(element)
  node.textContent = text
  node.className = className
  return node
}

function list(lines) {
  const node = document.createElement("ul")
  node.append(...lines.map((line) => said("li", line)))
  return node
}

async function trust() {
  const checkpoints = []
  for (const file of at("checkpoints").files) {
    checkpoints.push({ place: `the checkpoint ${file.name}`, octets: await reader(file)() })
  }
  return { key: at("key").value.trim(), checkpoints }
}

const count = (number, one, many) => `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`

function checked(report) {
  const { payloads, versions, comparisons = [], gaps = [] } = report
  const lines = [`Log: ${report.origin ?? "unknown, because the checkpoint cannot be read"}.`]
  if (report.size !== null) lines.push(`The checkpoint states ${count(report.size, "entry", "entries")}.`)
  if (payloads) lines.push(`Erased with authority: ${payloads.erasedWhole} whole, ${count(payloads.erasedFields, "field", "fields")}.`)
  if (versions) lines.push(`Versions of records: ${versions.held} held; erased with authority: ${versions.erased} whole, ${count(versions.erasedFields, "field", "fields")}.`)
  for (const gap of gaps) lines.push(`Gap: the entry at leaf ${gap.leaf} states that leaves ${gap.firstLost} to ${gap.endOfLoss - 1} were lost.`)
  for (const { place, outcome } of comparisons) lines.push(`Compared with ${place}: ${OUTCOMES[outcome]}.`)
  if (comparisons.length === 0) lines.push("Compared with nothing held from before, so a rewind or fork could not be seen.")
  if (report.firstUse) lines.push("The key was taken from the export itself, on trust. Compare it with what the force published elsewhere.")
  return lines
}

const OUTCOMES = {
  prefix: "this log continues it",
  gap: "its end is among the lost leaves that the log states",
  "beyond-gap": "it shows more than the stated loss",
  rewind: "the log is shorter now than it was",
  fork: "it shows another history",
  "not-compared": "it could not be compared"
}

function fault({ leaf, what, consequence }) {
  const place = leaf === null ? "The log as a whole" : `Leaf ${leaf}`
  return `${place}: ${what}.${consequence ? " This may only follow from another fault." : ""}`
}

function show(place, nodes) {
  place.replaceChildren(...nodes)
  place.focus()
}

const unusable = (error) => said("p", `This cannot be used: ${error.message}.`, "verdict bad")

async function checkLog() {
  const place = at("answer")
  if (files.size === 0) {
    show(place, [said("p", "Drop or choose the folder of the export first.", "verdict bad")])
    return
  }
  place.replaceChildren(said("p", "Checking…"))
  try {
    const report = await verify(files, await trust())
    goodFiles = report.good ? files : null
    const verdict = report.good
      ? said("p", "GOOD. Nothing in this log was altered, taken out or put in, as far as can be checked.", "verdict good")
      : said("p", `NOT GOOD. ${count(report.faultCount, "thing is", "things are")} wrong. Keep the export as it is, and ask the force for another.`, "verdict bad")
    const faults = report.faults.slice(0, MOST_SHOWN).map(fault)
    show(place, [verdict, ...(faults.length > 0 ? [list(faults)] : []), list(checked(report))])
  } catch (error) {
    show(place, [unusable(error)])
  }
}

const STANDINGS = {
  genuine: ["good", "GENUINE. The force made this paper, and up to the end of this export it was neither recalled nor superseded."],
  superseded: ["bad", "SUPERSEDED. The force made this paper, and what it shows has a later version."],
  recalled: ["bad", "RECALLED. The force made this paper and recalled it: it counts no longer."],
  "recalled-because-erased": ["bad", "RECALLED. What this paper says was erased by law: destroy it."],
  unknown: ["bad", "UNKNOWN. No entry of this log speaks of a paper with this code."]
}

async function brought() {
  const [file] = at("paper-file").files
  if (file) return { file: await reader(file)() }
  const words = at("words").value
  if (words.trim() === "") return {}
  const section = Number(at("section").value)
  if (!Number.isInteger(section) || section < 1 || section > 65_535) throw new Error("give the number of the section, for instance 1")
  return { section, words }
}

function verdictOf({ standing, agreement }) {
  if (agreement === "altered") return ["bad", "ALTERED. What you brought is not what was printed."]
  const [className, words] = STANDINGS[standing]
  const more = { same: " What you brought is what was printed.", "not-compared": " Whether a word was altered was not compared." }
  return [className, words + (standing === "unknown" ? "" : more[agreement])]
}

async function checkPaper() {
  const place = at("paper-answer")
  if (goodFiles === null) {
    show(place, [said("p", "Check the log first: a paper is judged only by a log that is good.", "verdict bad")])
    return
  }
  try {
    const found = await paper(goodFiles, readCode(at("code").value), await brought())
    const [className, words] = verdictOf(found)
    const nodes = [said("p", words, `verdict ${className}`)]
    if (found.leaf !== undefined) {
      const made = new Date(found.made).toLocaleString("en-GB", { timeZone: "Europe/London" })
      nodes.push(list([
        `What it is: ${found.what}. Entry ${found.leaf} of the log. Made ${made} by ${found.unit ?? "a unit that is not said"}.`,
        `Records, lines or entries in it: ${found.count}.`,
        ...found.alteredSections.map((number) => `Section ${number} is not as it was printed.`)
      ]))
    }
    show(place, nodes)
  } catch (error) {
    show(place, [unusable(error)])
  }
}

const drop = at("drop")
drop.addEventListener("dragover", (event) => {
  event.preventDefault()
  drop.classList.add("over")
})
drop.addEventListener("dragleave", () => drop.classList.remove("over"))
drop.addEventListener("drop", async (event) => {
  event.preventDefault()
  drop.classList.remove("over")
  // Taken before anything is waited for: after that a browser forgets what was dropped.
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean)
  const pairs = []
  for (const entry of entries) pairs.push(...(await walk(entry, entry.isFile || entries.length > 1 ? entry.name : "")))
  taken(pairs)
  await checkLog()
})
at("folder").addEventListener("change", async (event) => {
  taken([...event.target.files].map((file) => [file.webkitRelativePath || file.name, reader(file)]))
  await checkLog()
})
at("check").addEventListener("click", checkLog)
at("check-paper").addEventListener("click", checkPaper)
