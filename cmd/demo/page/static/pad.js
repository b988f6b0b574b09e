// The keypad under the panel.
export function startPad(pad, panel) {
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key) panel.key(key);
  });
}
