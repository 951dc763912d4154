// Keeps the count of answers that nobody has taken on beside "Needs you", on whatever page is open.
const EVERY = 15000;
const mark = document.getElementById("untaken");
const from = document.querySelector("script[data-from]")?.dataset.from;

function show(count) {
  if (mark.dataset.count === String(count)) return;
  mark.dataset.count = count;
  mark.hidden = count === 0;
  mark.firstElementChild.textContent = count;
  mark.lastElementChild.textContent = `, ${count} not taken on by anybody`;
}

async function look() {
  if (!document.hidden) {
    try {
      const reply = await fetch(from, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(5000) });
      if (reply.type === "opaqueredirect") return; // signed out: the page itself will say so
      if (reply.ok) show(Number(await reply.text()));
    } catch { /* The network is away; the next look tells. */ }
  }
  timer = setTimeout(look, EVERY);
}

let timer = 0;
if (mark && from) {
  timer = setTimeout(look, EVERY);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) look();
  });
}
