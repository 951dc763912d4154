// Keeps today's board as it is on the server, says when it cannot, and sends what is tapped.
const EVERY = 1500;
const board = document.getElementById("board");
const live = document.getElementById("live");
const told = document.getElementById("told");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: board.dataset.zone });
const asSent = new WeakMap();
let mark = "";
let seenAt = new Date();
let asked = 0;
let timer = 0;

function say(state, words) {
  if (live.textContent === words) return;
  live.textContent = words;
  live.dataset.state = state;
}

// Only lines that are different are replaced, so that nobody loses their place or an open menu.
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  document.getElementById("head").replaceWith(fresh.getElementById("head"));
  const list = document.getElementById("visits");
  const wanted = [...fresh.getElementById("visits").children];
  const ids = new Set(wanted.map((line) => line.id));
  for (const line of [...list.children]) if (!ids.has(line.id)) line.remove();
  wanted.forEach((line, place) => put(list, line, place));
}

function put(list, line, place) {
  const now = document.getElementById(line.id);
  let kept = now;
  if (!now || asSent.get(now) !== line.outerHTML) {
    kept = line;
    asSent.set(line, line.outerHTML);
    if (now) replace(now, line);
  }
  if (list.children[place] !== kept) list.insertBefore(kept, list.children[place] ?? null);
}

function replace(now, line) {
  const focused = now.contains(document.activeElement);
  now.replaceWith(line);
  if (focused) line.querySelector("button, summary")?.focus();
}

async function refresh() {
  const mine = ++asked;
  clearTimeout(timer);
  try {
    const reply = await fetch(board.dataset.live, {
      headers: mark ? { "If-None-Match": mark } : {},
      cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(5000),
    });
    if (reply.type === "opaqueredirect") return location.reload(); // signed out: names must go
    if (reply.status !== 304 && !reply.ok) throw new Error(String(reply.status));
    const html = reply.status === 304 ? null : await reply.text();
    if (mine !== asked) return;
    if (html !== null) { show(html); mark = reply.headers.get("ETag") ?? ""; }
    seenAt = new Date();
    say("live", "Live: shows what happens within two seconds.");
  } catch {
    if (mine === asked) say("stale", `Stale since ${clock.format(seenAt)}: the server does not answer. What you see may no longer be so.`);
  }
  if (mine === asked) timer = setTimeout(refresh, EVERY);
}

async function send(event) {
  const form = event.target;
  if (!board.contains(form)) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  let words = "";
  try {
    const reply = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(10000) });
    if (!reply.ok) words = fault(await reply.text());
    else if (new URL(reply.url).pathname.startsWith("/sign-in")) return location.reload();
  } catch {
    words = "This was not saved: the server does not answer. Try again when the board is live.";
  }
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  told.textContent = words;
  told.hidden = !words;
  await refresh();
}

function fault(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const words = page.getElementById("told") ?? page.querySelector("main p");
  return words?.textContent.trim() || "This was not done. Load the page anew, then try once more.";
}

document.addEventListener("submit", send);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
refresh();
