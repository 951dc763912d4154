// Says before a sign-in ends that it will, and lets whoever is there stay.
const WARN = 120;
const bar = document.getElementById("idle");
const { seconds, stay } = bar.dataset;
let timer = 0;

function begin() {
  clearTimeout(timer);
  bar.hidden = true;
  timer = setTimeout(() => { bar.hidden = false; }, (Number(seconds) - WARN) * 1000);
}

bar.querySelector("button").addEventListener("click", async () => {
  try {
    const reply = await fetch(stay, { cache: "no-store", redirect: "manual" });
    if (reply.type === "opaqueredirect") return location.reload();
    if (reply.ok) begin();
  } catch {
    // the network is away: the bar stays and can be pressed again
  }
});

begin();
