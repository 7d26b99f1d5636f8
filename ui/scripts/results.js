// From the search box to a record by the keyboard: Down leads from the box to the first answer; there the arrows,
// or j and k, go from answer to answer, and Escape goes back. Enter opens what has the focus, as any link does.
// Letters mean something only while an answer has the focus (WCAG 2.2, 2.1.4).

const box = document.getElementById("query")
const answers = [...document.querySelectorAll("main [data-result]")]
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

const isPlain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey

const goTo = (event, element) => {
  event.preventDefault()
  element.focus()
}

if (box && answers.length > 0) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && isPlain(event)) goTo(event, answers[0])
  })
  for (const [at, answer] of answers.entries()) {
    answer.addEventListener("keydown", (event) => {
      if (!isPlain(event)) return
      if (event.key === "Escape") return goTo(event, box)
      const step = STEPS[event.key]
      if (step) goTo(event, answers[at + step] ?? (step < 0 ? box : answer))
    })
  }
}
