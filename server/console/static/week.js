// Moves a visit by keyboard: the clinic's rules are asked after every step, and nothing is moved before Enter.
const panel = document.getElementById("moving");
const says = document.getElementById("moving-says");
const form = document.getElementById("moving-form");
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let moving = null;

function stop() {
  if (!moving) return;
  moving.link.focus();
  moving = null;
  panel.hidden = true;
}

async function step(link, [days, slots]) {
  if (moving?.link !== link) moving = { link, days: 0, slots: 0, asked: 0, allowed: false };
  const mine = moving;
  mine.days += days;
  mine.slots += slots;
  mine.allowed = false;
  const asked = ++mine.asked;
  const body = new FormData();
  body.set("form", form.elements.form.value);
  body.set("days", mine.days);
  body.set("slots", mine.slots);
  let answer = { verdict: "refused", says: "The server does not answer. Nothing was moved." };
  try {
    const reply = await fetch(link.dataset.check, { method: "POST", body, headers: { Accept: "application/json" } });
    if (reply.redirected) return location.reload();
    if (reply.ok) answer = await reply.json();
  } catch { /* said already */ }
  if (moving === mine && asked === mine.asked) show(answer);
}

function show(answer) {
  moving.allowed = answer.verdict !== "refused";
  panel.hidden = false;
  panel.dataset.verdict = answer.verdict;
  says.textContent = answer.says;
  form.action = moving.link.href;
  form.elements.preview.value = answer.preview ?? "";
  form.elements.version.value = answer.version ?? "";
  form.querySelector("button").hidden = !moving.allowed;
}

function pressed(event) {
  const link = event.target.closest?.(".grab");
  if (link && event.altKey && ARROWS[event.key]) {
    event.preventDefault();
    step(link, ARROWS[event.key]);
  } else if (moving && event.key === "Escape") {
    event.preventDefault();
    stop();
  } else if (moving && link === moving.link && event.key === "Enter") {
    event.preventDefault();
    if (moving.allowed) form.requestSubmit(form.querySelector("button"));
  }
}

if (panel) {
  document.addEventListener("keydown", pressed);
  document.getElementById("moving-stop").addEventListener("click", stop);
}
