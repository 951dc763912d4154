// A visit that is being moved: the clinic's rules are asked at every step, and nothing is moved before it is said.
const panel = document.getElementById("moving");
const says = document.getElementById("moving-says");
const form = document.getElementById("moving-form");
const SILENT = { verdict: "refused", says: "The server does not answer. Nothing was moved." };
let moving = null;
let tell = () => {};

export const current = () => moving;
export const onChange = (told) => { tell = told; };

export function stop() {
  if (!moving) return;
  const { link } = moving;
  moving = null;
  panel.hidden = true;
  tell(null);
  link.focus();
}

// So many days and grid steps away from where it stands, whatever was tried before.
export function put(link, days, slots) {
  if (moving?.link !== link) {
    if (moving) tell(null);
    moving = { link, busy: false };
  }
  Object.assign(moving, { days, slots, allowed: false, wanted: true, verdict: "" });
  tell(moving);
  if (!moving.busy) ask(moving);
}

export function step(link, [days, slots]) {
  const from = moving?.link === link ? moving : { days: 0, slots: 0 };
  put(link, from.days + days, from.slots + slots);
}

// One question at a time; while it is under way only the newest wish is kept.
async function ask(mine) {
  mine.busy = true;
  let answer = SILENT;
  while (mine.wanted) {
    mine.wanted = false;
    answer = await reply(mine);
  }
  mine.busy = false;
  if (moving === mine) show(answer);
}

async function reply(mine) {
  const body = new FormData();
  body.set("form", form.elements.form.value);
  body.set("days", mine.days);
  body.set("slots", mine.slots);
  try {
    const got = await fetch(mine.link.dataset.check, { method: "POST", body, headers: { Accept: "application/json" } });
    if (got.redirected) location.reload();
    return got.ok ? await got.json() : SILENT;
  } catch {
    return SILENT;
  }
}

function show(answer) {
  moving.verdict = answer.verdict;
  moving.allowed = answer.verdict !== "refused";
  panel.hidden = false;
  panel.dataset.verdict = answer.verdict;
  says.textContent = answer.says;
  form.action = moving.link.href;
  form.elements.preview.value = answer.preview ?? "";
  form.elements.version.value = answer.version ?? "";
  form.querySelector("button").hidden = !moving.allowed;
  tell(moving);
}

// Arrows are pairs of days and grid steps, by key.
export function listen(arrows) {
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest?.(".grab");
    if (link && event.altKey && arrows[event.key]) {
      event.preventDefault();
      step(link, arrows[event.key]);
    } else if (moving && event.key === "Escape") {
      event.preventDefault();
      stop();
    } else if (moving && link === moving.link && event.key === "Enter") {
      event.preventDefault();
      if (moving.allowed) form.requestSubmit(form.querySelector("button"));
    }
  });
  document.getElementById("moving-stop").addEventListener("click", stop);
}
