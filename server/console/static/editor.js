// Checks the document while it is written, and draws the example patient anew beside it.
const form = document.getElementById("editor");
const text = document.getElementById("document");
const shown = document.getElementById("checked");
const state = document.getElementById("check-state");
const PAUSE = 350;
let timer = 0;
let asked = 0;

async function check() {
  const mine = ++asked;
  const sent = new FormData(form);
  sent.set("piece", "1");
  shown.setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(form.dataset.check, {
      method: "POST", body: sent, redirect: "manual", signal: AbortSignal.timeout(15000),
    });
    if (mine !== asked) return;
    if (!reply.ok) throw new Error(String(reply.status));
    shown.innerHTML = await reply.text();
    state.textContent = "Checked as it stands.";
  } catch {
    if (mine === asked) state.textContent = "It could not be checked just now. What you wrote is still here.";
  }
  if (mine === asked) shown.removeAttribute("aria-busy");
}

text.addEventListener("input", () => {
  state.textContent = "Checking…";
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE);
});
