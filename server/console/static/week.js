// The table: a column is a day, so arrows to the sides try other days, arrows up and down other times.
import { listen } from "./moving.js";

if (document.getElementById("moving")) {
  listen({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });
}
