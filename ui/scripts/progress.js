// Shows how far an intake is without loading the page again, so that nobody loses their place.

const EVERY = 2000

const follow = (shown) => {
  const page = shown.parentElement
  const again = async () => {
    const answer = await fetch(shown.dataset.progress, { credentials: "same-origin" }).catch(() => null)
    // Who has signed out meanwhile is led elsewhere: the link on the page leads there too.
    if (answer?.redirected) return
    if (answer?.ok) shown.innerHTML = await answer.text()
    const ended = shown.querySelector("[data-ended]")
    if (!ended) return void setTimeout(again, EVERY)
    page.querySelector("[data-progress-says]").textContent = ended.dataset.ended
  }
  setTimeout(again, EVERY)
}

document.querySelectorAll("[data-progress]").forEach(follow)
