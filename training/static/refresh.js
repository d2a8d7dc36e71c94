// While a document is being made: fetch this page again and replace only that part, so that nobody loses their place.
// Without this script the page reloads itself (meta refresh inside noscript).
async function follow() {
  const part = document.querySelector("[data-refresh]");
  if (!part) return;
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (answer && answer.ok && !answer.redirected) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.textContent !== part.textContent) {
      part.replaceChildren(...fresh.childNodes);
      if (!fresh.dataset.refresh) delete part.dataset.refresh;
    }
  }
  setTimeout(follow, 1000 * Number(part.dataset.refresh || 0) || 3000);
}
setTimeout(follow, 1500);
