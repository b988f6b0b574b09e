// The switches that make things go wrong.
import { post } from "./calls.js";

const link = document.getElementById("link");
const reader = document.getElementById("reader");

export function startSwitches(refresh) {
  const flip = (button, path, name) => button.addEventListener("click", async () => {
    await post(path, { [name]: button.getAttribute("aria-checked") !== "true" });
    await refresh();
  });
  flip(link, "/link", "up");
  flip(reader, "/reader", "present");
  document.getElementById("mail-mode").addEventListener("change", (e) => post("/mail", { mode: e.target.value }));
  for (const b of document.querySelectorAll("[data-advance]")) {
    b.addEventListener("click", async () => {
      await post("/clock", { advance_s: Number(b.dataset.advance) });
      await refresh();
    });
  }
}

export function showSwitches(mail, central) {
  link.setAttribute("aria-checked", String(central.demo.link));
  reader.setAttribute("aria-checked", String(central.demo.reader));
}
