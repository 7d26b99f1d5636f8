// Stands in for the server where there is no network: it shows the blank form of a stop, and for all else the page
// that says so. Nothing that was typed and no record is held here.

const HELD = "bluelamp-roadside"
const NO_NETWORK = "/roadside"
const LONGEST = 24 * 60 * 60 * 1000
/** How long a page may take before there is “no network”. */
const PATIENCE = 20_000

const isFresh = (answer) => Date.now() - Date.parse(answer.headers.get("date") ?? "") < LONGEST

const held = async (path) => {
  const answer = await (await caches.open(HELD)).match(path)
  return answer && isFresh(answer) ? answer : undefined
}

const late = (milliseconds) =>
  new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), milliseconds))

// What was sent and not answered may have arrived: the server takes it once, however often it is sent.
const page = async (request, path) => {
  try {
    return await Promise.race([fetch(request), late(PATIENCE)])
  } catch (fault) {
    const blank = request.method === "GET" ? await held(path) : undefined
    const answer = blank ?? (await held(NO_NETWORK))
    if (answer) return answer
    throw fault
  }
}

const file = async (request, path) => (await (await caches.open(HELD)).match(path)) ?? fetch(request)

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()))
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url)
  if (origin !== self.location.origin) return
  // The blank form bears the name of whoever opened it.
  if (pathname === "/sign-out") event.waitUntil(caches.delete(HELD))
  if (event.request.mode === "navigate") event.respondWith(page(event.request, pathname))
  else if (pathname.startsWith("/assets/")) event.respondWith(file(event.request, pathname))
})
