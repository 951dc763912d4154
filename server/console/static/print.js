// Shows the print button where there is a script to press it with; what is printed is the style sheets' business.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
