// Keys of the desk and rows that open by a click. Every page works without this file; it only makes the work faster.

const typing = (target) => target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
const all = (selector) => [...document.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);

function rowLinks() {
  return all("[data-row] a.main, .brief a");
}

function step(by) {
  const links = rowLinks();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const here = at >= 0 ? at : links.findIndex((link) => link.hasAttribute("aria-current"));
  const to = here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + by, 0), links.length - 1);
  links[to].focus();
  links[to].scrollIntoView({ block: "nearest" });
}

function choose(number) {
  const radio = one(`.outcomes input[data-key="${number}"]:not(:disabled)`);
  if (!radio) return;
  radio.checked = true;
  settle(radio);
}

// After a choice the next thing to type has the focus; where nothing is needed, Enter records it.
function settle(radio) {
  const field = { promise: "[name=amount]", date: "[name=on]", note: "[name=note]" }[radio.dataset.needs];
  const next = (field && one(`.outcome-bar ${field}`)) || one(".outcome-bar button.primary");
  requestAnimationFrame(() => next?.focus());
}

// What was heard in the talk stands in the form already: the outcome that suggests itself, the cause, a reminder.
function suggest() {
  const talk = one("#talk");
  const radio = talk?.dataset.outcome && one(`.outcomes input[value="${talk.dataset.outcome}"]:not(:disabled)`);
  if (radio) radio.checked = true;
  surface();
  const cause = one(".outcome-bar [name=fact-cause]");
  if (cause && talk?.dataset.heard) cause.value = talk.dataset.heard;
  const remind = one(".outcome-bar [name=remind]");
  if (remind && talk && "remind" in talk.dataset) remind.checked = true;
}

// What is chosen is in sight: a rare outcome joins the likely ones once it is chosen.
function surface() {
  const rare = one(".more-outcomes input:checked")?.closest("label");
  if (!rare) return;
  one(".outcome-bar .outcomes").append(rare);
  one(".more-outcomes").open = false;
}

const keys = {
  "?": () => one("#keys")?.showModal(),
  "/": () => {
    const field = one("[data-search]");
    if (field) field.focus();
    else if (one("#keys")) location.href = one("#keys").dataset.list;
  },
  j: () => step(1),
  k: () => step(-1),
  n: () => one("[data-next]")?.click(),
  c: () => one(".possible button:not(:disabled)")?.click(),
};

let before = "";
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (one("dialog[open]")) return;
  const both = before + event.key;
  before = event.key === "g" ? "g" : "";
  if (both === "gl" && one("#keys")) location.href = one("#keys").dataset.list;
  else if (/^[1-9]$/.test(event.key)) choose(event.key);
  else if (/^[a-z]$/.test(event.key) && one(`[data-answer="${event.key}"]`)) one(`[data-answer="${event.key}"]`).click();
  else if (event.key === "Enter" && event.target.matches(".outcomes input")) event.target.form.requestSubmit();
  else if (Object.hasOwn(keys, event.key)) keys[event.key]();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) return one("#keys").showModal();
  if (event.target.closest("[data-print]")) return window.print();
  const open = one("details.menu[open]");
  if (open && !open.contains(event.target)) open.open = false;
  const row = event.target.closest("[data-row]");
  if (row && !event.target.closest("a, button, input, label, summary") && !String(getSelection())) row.querySelector("a.main")?.click();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches(".more-outcomes input[type=radio]")) return;
  surface();
  settle(event.target);
});

// The call that is dialled from the desk: its length while it goes on, and the outcome that fits once it is over.
function followCall() {
  const call = one("#call");
  const chosen = one(".outcomes input:checked");
  const radio = call?.dataset.outcome && !chosen && one(`.outcomes input[value="${call.dataset.outcome}"]:not(:disabled)`);
  if (radio) radio.checked = true;
  surface();
}

function tick() {
  all("[data-clock][data-since]").forEach((place) => {
    const seconds = Math.max(0, Math.floor((Date.now() - new Date(place.dataset.since)) / 1000));
    place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  });
}
setInterval(tick, 1000);
tick();
followCall();

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "call" || event.detail.elt?.id === "call") {
    tick();
    return followCall(); // every second: it must not take the cursor away from who types
  }
  suggest();
  one("#talk .answers button")?.focus();
});

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

all("[data-keys], [data-print]").forEach((button) => button.removeAttribute("hidden"));
one(".brief a[aria-current]")?.scrollIntoView({ block: "nearest" });
surface();
if (one(".live") && !one(".outcome-bar [role=alert]")) one(".live").scrollIntoView();
