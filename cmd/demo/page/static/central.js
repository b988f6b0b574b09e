// What central sees: the strip in the band, and the table under the terminal.
import { element, changed } from "./calls.js";

export function showCentral(central, cards) {
  const inside = cards.find((c) => c.inserted)?.id;
  if (!changed("central", [central.registered, central.cases, central.locked, central.queue, central.rows, central.terminals, inside, cards.map((c) => c.id)])) return;
  const terminal = central.terminals[0];
  document.getElementById("strip").replaceChildren(
    figure(central.registered, "registered"),
    figure(central.rows.find((row) => row.card === inside)?.attempts_left ?? "–", "attempts left"),
    figure(central.cases, central.cases === 1 ? "code under way" : "codes under way"),
    figure(central.locked, "locked out"),
    figure(central.queue, central.queue === 1 ? "mail waiting" : "mails waiting"),
    element("div", { class: terminal?.online ? "strip-link" : "strip-link down" },
      element("dt", {}, "link"), element("dd", {}, terminal?.online ? "up" : "down")));
  document.getElementById("central").replaceChildren(table(central.rows, cards));
}

function figure(value, label) {
  return element("div", {}, element("dt", {}, label), element("dd", {}, String(value)));
}

const columns = ["Card", "Self-service", "Attempts left", "Code", "Mail", "Wrong codes", "Terminal"];

function table(rows, cards) {
  const known = new Map(cards.map((c) => [c.id, c]));
  const order = new Map(cards.map((c, i) => [c.id, i]));
  const sorted = [...rows].sort((a, b) => (order.get(a.card) ?? 99) - (order.get(b.card) ?? 99));
  return element("table", {},
    element("thead", {}, element("tr", {}, ...columns.map((c) => element("th", { scope: "col" }, c)))),
    element("tbody", {}, ...sorted.map((row) => element("tr", {},
      element("th", { scope: "row", title: row.card }, known.get(row.card)?.holder ?? short(row.card)),
      element("td", {}, standing(row.standing)),
      element("td", {}, String(row.attempts_left)),
      element("td", {}, code(row.case)),
      element("td", {}, row.case?.mail ?? ""),
      element("td", {}, row.wrong_codes ? String(row.wrong_codes) : ""),
      element("td", {}, row.terminal ?? "")))));
}

// A card that is not in the tray: its id is too long for a table.
function short(id) {
  const at = id.indexOf(":") + 1;
  return id.length - at <= 12 ? id : `${id.slice(0, at + 4)}…${id.slice(-4)}`;
}

const standings = {
  registered: ["good", "Registered"],
  unregistered: ["", "Not registered"],
  locked: ["stop", "Locked out"],
  frozen: ["stop", "Frozen"],
};

function standing(name) {
  const [mood, words] = standings[name] ?? ["", name];
  return element("span", { class: `tag ${mood}` }, words);
}

function code(open) {
  if (!open) return "";
  const what = open.purpose === "register" ? "to register" : "to unlock";
  const state = open.accepted ? "entered" : `${open.tries_left} tries left`;
  return element("span", { class: "tag busy" }, `${what}, ${state}`);
}
