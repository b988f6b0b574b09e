// The demo's page: joins the panel, the keypad, the tray, the mailbox, the
// switches and the view of central to the driver's calls.
import { get, post, poll } from "./calls.js";
import { showTray } from "./tray.js";
import { showMail } from "./mail.js";
import { showCentral } from "./central.js";
import { startPad } from "./pad.js";
import { startSwitches, showSwitches } from "./switches.js";
import { attach } from "/panel/panel.js";

const canvas = document.getElementById("panel");
const panel = attach(canvas, { keyboard: canvas, flash: canvas.parentElement });
startPad(document.getElementById("pad"), panel);
startSwitches(refresh);

// What a screen reader says: the page's words, whenever they change.
const said = document.getElementById("said");
function say(page) {
  const words = [page.step, page.title, page.error, ...page.body,
    ...page.choices.map((c) => `${c.key}: ${c.label}`),
    ...page.actions.map((a) => `${a.key}: ${a.label}`)].filter(Boolean).join(". ");
  if (said.textContent !== words) said.textContent = words;
}

async function refresh() {
  const [cards, mail, central] = await Promise.all([get("/cards.json"), get("/mail.json"), get("/central.json")]);
  showTray(cards, refresh);
  showMail(mail);
  showCentral(central, cards);
  showSwitches(mail, central);
}

// Follow the pages; whenever another one shows, the rest is looked at too.
async function follow() {
  let shown = "";
  for (;;) {
    try {
      const page = await get("/terminal/page.json" + (shown ? "?after=" + encodeURIComponent(shown) : ""));
      shown = page.id;
      say(page);
      await refresh();
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

document.getElementById("restart").addEventListener("click", () => post("/terminal/restart"));
refresh().catch(() => {});
follow();
poll(refresh, 1000);
