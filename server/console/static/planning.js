// Keeps a planning run's progress as it is on the server; at its end the whole page is shown anew.
const EVERY = 1000;
const live = document.getElementById("live");

async function look() {
  try {
    const reply = await fetch(live.dataset.live, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(5000) });
    if (reply.type === "opaqueredirect") return location.reload(); // signed out
    if (reply.ok) {
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("progress");
      if (fresh.dataset.going === "no") return location.reload();
      const now = document.getElementById("progress");
      if (fresh.innerHTML !== now.innerHTML) now.replaceWith(fresh);
    }
  } catch {
    // the network is away; it is asked again
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
