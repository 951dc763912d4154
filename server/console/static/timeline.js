// The timeline: puts everything in its place, lights up a visit's series, and lets visits be dragged.
import { current, listen, onChange, put, stop } from "./moving.js";

const line = document.getElementById("timeline");
const panel = document.getElementById("thread");
const SVG = "http://www.w3.org/2000/svg";
let drag = null;
let asked = null;

const number = (of, name) => Number(of.dataset[name]);
const share = (minutes) => `${(100 * minutes) / number(line, "length")}%`;
const bar = (link) => link.closest(".visit");

function lay() {
  for (const each of line.querySelectorAll("[data-from]")) {
    each.style.setProperty("--x", share(number(each, "from")));
    if (each.dataset.to) each.style.setProperty("--w", share(number(each, "to") - number(each, "from")));
    if (each.dataset.lane) each.style.setProperty("--lane", each.dataset.lane);
  }
  line.style.setProperty("--days", line.dataset.days);
  for (const lane of line.querySelectorAll(".lane")) lane.style.setProperty("--lanes", lane.dataset.lanes);
  line.classList.add("laid");
}

// Minutes of the axis for a wall time, on a row that shows its day; null elsewhere.
function place(lane, wall) {
  const nth = lane.dataset.days.split(" ").indexOf(wall.slice(0, 10));
  if (nth < 0) return null;
  const minute = Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
  const within = Math.min(Math.max(minute - number(line, "first"), 0), number(line, "span"));
  return nth * number(line, "span") + within;
}

function window_({ opens, closes }) {
  for (const each of line.querySelectorAll(".window")) each.remove();
  if (!opens && !closes) return;
  for (const lane of line.querySelectorAll(".lane")) {
    const days = lane.dataset.days.split(" ");
    const [first, last] = [days[0], days.at(-1)];
    const end = number(line, "length");
    if ((opens && opens.slice(0, 10) > last) || (closes && closes.slice(0, 10) < first)) continue;
    const from = opens ? place(lane, opens) ?? 0 : 0;
    const to = closes ? place(lane, closes) ?? end : end;
    if (to <= from) continue;
    const band = document.createElement("div");
    band.className = "window";
    band.style.setProperty("--x", share(from));
    band.style.setProperty("--w", share(to - from));
    lane.prepend(band);
  }
}

function dim() {
  asked = null;
  line.classList.remove("threaded");
  line.querySelector(".joined")?.remove();
  window_({});
  for (const each of line.querySelectorAll(".sibling, .chosen")) each.classList.remove("sibling", "chosen");
}

// A line through the middles of all bars of the series, in order of time.
function join(series) {
  const box = line.getBoundingClientRect();
  const seen = new Set();
  const first = [...line.querySelectorAll(`.visit[data-series="${series}"]`)].filter((each) => {
    const of = each.querySelector("[data-visit]")?.dataset.visit;
    return of && !seen.has(of) && seen.add(of); // a visit takes several rows; the thread goes through one
  });
  const knots = first
    .map((each) => [each.querySelector("time").dateTime, each.getBoundingClientRect()])
    .sort(([a], [b]) => a.localeCompare(b));
  const middles = knots.map(([, at]) => [at.x + at.width / 2 - box.x, at.y + at.height / 2 - box.y]);
  if (middles.length < 2) return;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "joined");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS(SVG, "polyline");
  drawn.setAttribute("points", middles.map((each) => each.join(",")).join(" "));
  svg.append(drawn, ...middles.slice(1).map(([x, y], n) => {
    const said = document.createElementNS(SVG, "text");
    said.setAttribute("x", (x + middles[n][0]) / 2);
    said.setAttribute("y", (y + middles[n][1]) / 2 - 4);
    said.textContent = between(knots[n][0], knots[n + 1][0]);
    return said;
  }));
  line.append(svg);
}

// Days between two visits, by their dates on the clinic's clock.
function between(one, other) {
  const days = Math.round((Date.parse(other.slice(0, 10)) - Date.parse(one.slice(0, 10))) / 86400000);
  return days === 0 ? "same day" : days === 1 ? "1 day" : `${days} days`;
}

function told(thread, mine) {
  document.getElementById("thread-visits").replaceChildren(...thread.knots.map((knot) => {
    const item = document.createElement("li");
    if (knot.id === mine) item.setAttribute("aria-current", "true");
    const gap = document.createElement("span");
    gap.className = "gap";
    gap.textContent = knot.gap;
    const what = document.createElement("strong");
    what.textContent = knot.title;
    item.append(gap, what, ` ${knot.when}`);
    return item;
  }));
  document.getElementById("thread-window").textContent = thread.window.says;
  panel.hidden = false;
}

async function light(link) {
  if (asked === link) return;
  dim();
  asked = link;
  const { series } = bar(link).dataset;
  line.classList.add("threaded");
  for (const each of line.querySelectorAll(`.visit[data-series="${series}"]`)) each.classList.add("sibling");
  bar(link).classList.add("chosen");
  join(series);
  try {
    const got = await fetch(link.dataset.thread, { headers: { Accept: "application/json" } });
    if (!got.ok || got.redirected || asked !== link) return;
    const thread = await got.json();
    told(thread, link.dataset.visit);
    window_(thread.window);
  } catch { /* the bars are lit all the same */ }
}

// Where the bar would be, before anything is said.
function ghost(moving) {
  for (const each of line.querySelectorAll(".moved")) {
    each.classList.remove("moved");
    delete each.dataset.verdict;
    each.style.removeProperty("--dx");
    each.style.removeProperty("--dy");
  }
  if (!moving) return;
  const each = bar(moving.link);
  const lane = each.closest(".lane");
  const minutes = moving.slots * number(line, "grid");
  const rows = line.dataset.view === "person";
  const wide = lane.getBoundingClientRect().width / number(line, "length");
  const dx = (minutes + (rows ? 0 : moving.days * number(line, "span"))) * wide;
  const lanes = [...line.querySelectorAll(".lane")];
  const there = rows ? lanes[lanes.indexOf(lane) + moving.days] : lane;
  const dy = (there ?? lane).getBoundingClientRect().top - lane.getBoundingClientRect().top;
  each.classList.add("moved");
  each.dataset.verdict = moving.verdict;
  each.style.setProperty("--dx", `${dx}px`);
  each.style.setProperty("--dy", `${dy}px`);
}

function pick(event) {
  const link = event.target.closest(".grab");
  if (!link || event.button !== 0 || !matchMedia("(min-width: 48.0625rem)").matches) return;
  const lane = link.closest(".lane");
  drag = { link, lane, x: event.clientX, y: event.clientY, moved: false, id: event.pointerId };
}

function pull(event) {
  if (!drag) return;
  const dx = event.clientX - drag.x;
  const dy = event.clientY - drag.y;
  if (!drag.moved && Math.hypot(dx, dy) < 6) return;
  if (!drag.moved) {
    drag.moved = true;
    drag.link.setPointerCapture(drag.id);
    light(drag.link);
  }
  event.preventDefault();
  const [days, slots] = away(dx, event.clientY);
  const now = current();
  if (now?.link !== drag.link || now.days !== days || now.slots !== slots) put(drag.link, days, slots);
}

// How many days and grid steps the pointer has come.
function away(dx, y) {
  const minutes = (dx / drag.lane.getBoundingClientRect().width) * number(line, "length");
  const [span, grid] = [number(line, "span"), number(line, "grid")];
  if (line.dataset.view === "person") {
    const lanes = [...line.querySelectorAll(".lane")];
    const over = lanes.findIndex((each) => y < each.getBoundingClientRect().bottom);
    return [(over < 0 ? lanes.length - 1 : over) - lanes.indexOf(drag.lane), Math.round(minutes / grid)];
  }
  const from = number(bar(drag.link), "from");
  const days = Math.floor((from + minutes) / span) - Math.floor(from / span);
  return [days, Math.round((minutes - days * span) / grid)];
}

function drop(event) {
  const had = drag;
  drag = null;
  if (!had?.moved) return;
  event.preventDefault();
  // The click that ends a drag opens nothing; what was found out stands in the panel, to be confirmed.
  had.link.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
  setTimeout(() => document.querySelector("#moving-form button:not([hidden])")?.focus(), 300);
}

if (line) {
  lay();
  listen({ ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] });
  onChange(ghost);
  line.addEventListener("focusin", (event) => {
    const link = event.target.closest("[data-thread]");
    if (link) light(link);
  });
  line.addEventListener("pointerdown", pick);
  line.addEventListener("pointermove", pull);
  line.addEventListener("pointerup", drop);
  line.addEventListener("pointercancel", () => { drag = null; stop(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") drag = null; });
  line.addEventListener("dragstart", (event) => event.preventDefault());
}
