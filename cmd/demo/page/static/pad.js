// The keypad under the panel.
import { post } from "./calls.js";

export function startPad(pad) {
  // Keys arrive in the order they were pressed: each waits for the one before.
  let last = Promise.resolve();
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key) last = last.then(() => post("/terminal/key", { key })).catch(() => {});
  });
}
