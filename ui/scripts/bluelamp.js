// Begins what pages can do better where scripts run. Everything works without.

import { initAll } from "./govuk-frontend.min.js"
import { foldFilters } from "./filters.js"
import { sendKept } from "./kept.js"
import { revealFurther } from "./reveals.js"

// The design system shows and hides parts by these classes.
document.body.classList.add("js-enabled", "govuk-frontend-supported")
revealFurther(document)
initAll()
foldFilters(document)
sendKept()
window.addEventListener("online", sendKept)
