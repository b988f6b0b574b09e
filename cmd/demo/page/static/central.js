// What central sees: the strip in the band, and the table under the terminal.
import { element, changed } from "./calls.js";

export function showCentral(central) {
  if (!changed("central", central)) return;
  const figure = (label, value) => element("div", {}, element("dt", {}, label), element("dd", {}, String(value)));
  const link = element("div", { class: central.link ? "strip-link" : "strip-link down" },
    element("dt", {}, "link"), element("dd", {}, central.link ? "up" : "down"));
  document.getElementById("strip").replaceChildren(
    figure("registered", central.registered ?? 0),
    figure("codes under way", central.cases ?? 0),
    figure("locked out", central.locked ?? 0),
    figure("mails waiting", central.queue ?? 0),
    link);
}
