// Saves the answer to a question as soon as it is chosen. Without this script the Next button saves it.
// One request at a time, always with the newest choice; what fails is tried again, ever more slowly.
// When the server has confirmed what is chosen, Next only goes on and sends nothing.
const form = document.querySelector("form[data-attempt]");
const line = form && form.querySelector("[role=status]");
const PATIENCE = 15_000;
const LONGEST_WAIT = 30_000;

let confirmed = ""; // the choice the server has
let running = null; // the AbortController of the request under way
let waiting = 0; // the timer of the next try
let failures = 0;

const chosen = () => new FormData(form).getAll("choice").join();
const unsaved = () => chosen() !== confirmed;

function show(state) {
  const words = form.dataset[state];
  const clock = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  line.dataset.state = state;
  form.autocomplete = state === "saved" ? "off" : "on"; // after Back the browser restores only what the server lacks
  line.textContent = state === "saved" ? `${words} ${clock}` : words;
}

async function send(signal) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    redirect: "manual", // a redirect is the sign-in page, never a saved answer
    signal,
  });
  if (answer.ok) return "saved";
  if (answer.status === 409) return "handed";
  return answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500 && answer.status !== 429) ? "refused" : "again";
}

async function save() {
  if (running) return;
  clearTimeout(waiting);
  running = new AbortController();
  const mine = running;
  const limit = setTimeout(() => mine.abort(), PATIENCE);
  const sent = chosen();
  if (failures === 0) show("saving");
  const result = await send(mine.signal).catch(() => "again");
  clearTimeout(limit);
  if (running !== mine) return; // the form itself was sent meanwhile
  running = null;
  if (result === "saved" || result === "handed") confirmed = sent; // what is handed in takes nothing more
  failures = result === "again" ? failures + 1 : 0;
  if (result === "saved" && unsaved()) return save();
  show(result);
  if (result === "again") waiting = setTimeout(save, Math.min(1000 * 2 ** (failures - 1), LONGEST_WAIT));
}

if (form) {
  confirmed = [...form.querySelectorAll("[name=choice]")].filter((option) => option.defaultChecked).map((option) => option.value).join();
  form.addEventListener("change", save);
  form.addEventListener("submit", (event) => {
    if (event.submitter && !running && !unsaved()) {
      event.preventDefault();
      location.assign(event.submitter.dataset.url);
      return;
    }
    clearTimeout(waiting);
    if (running) running.abort();
    running = null;
    confirmed = chosen(); // the form carries it
  });
  window.addEventListener("online", () => unsaved() && save());
  window.addEventListener("beforeunload", (event) => {
    if (running || unsaved()) event.preventDefault();
  });
  // By then the browser has put back a choice of before, when it was not saved.
  window.addEventListener("pageshow", () => setTimeout(() => (unsaved() ? save() : (form.autocomplete = "off"))));
}
