// A button that prints, on the print view of a paper. Without scripts the browser's own command does it.

const tools = document.querySelector(".bluelamp-paper__tools")
const button = document.createElement("button")
button.type = "button"
button.className = "govuk-button"
button.textContent = "Print"
button.addEventListener("click", () => window.print())
tools.append(button)
