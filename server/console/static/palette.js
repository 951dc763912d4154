// Ctrl+K or "/" finds everything by its name without leaving the page; "?" shows the keys.
const box = document.getElementById("palette");
const form = box.querySelector("form");
const field = form.querySelector("input[type=search]");
const found = box.querySelector("[data-found]");
let asked = 0;
let timer = 0;

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]") && (box.open || !box.contains(target));

document.addEventListener("keydown", (event) => {
  const open = (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing(event.target));
  if (open) {
    event.preventDefault();
    if (!box.open) box.showModal();
    field.select();
  } else if (event.key === "?" && !typing(event.target) && !event.ctrlKey && !event.metaKey) {
    location.assign(box.dataset.keys);
  }
});

async function look() {
  const mine = ++asked;
  try {
    const reply = await fetch(box.dataset.quick, { method: "POST", body: new URLSearchParams(new FormData(form)), cache: "no-store", redirect: "manual" });
    if (reply.type === "opaqueredirect") return location.reload(); // signed out
    if (!reply.ok || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    const at = [...found.querySelectorAll("a")].indexOf(document.activeElement);
    found.replaceChildren(...fresh.body.children);
    if (at >= 0) (found.querySelectorAll("a")[at] ?? field).focus(); // who was among the answers stays there
  } catch {
    // the network is away: Enter still sends the form
  }
}

field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 150); });

box.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...found.querySelectorAll("a")];
  if (!links.length) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  if (at < 0) field.focus();
  else links[Math.min(at, links.length - 1)].focus();
});
