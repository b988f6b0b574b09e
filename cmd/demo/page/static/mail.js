// The mailbox: a list, or one mail with its code ready to copy.
import { element, changed, toast } from "./calls.js";

let open = null;
const read = new Set();

export function showMail(box) {
  const select = document.getElementById("mail-mode");
  if (document.activeElement !== select) select.value = box.mode;
  if (!changed("mail", [box.mails, open, read.size])) return;
  const mail = box.mails.find((m) => m.id === open);
  const again = (id) => {
    open = id;
    if (id) read.add(id);
    showMail(box);
    document.querySelector(id ? "#mail .back" : "#mail button")?.focus();
  };
  document.getElementById("mail").replaceChildren(mail ? whole(mail, again) : list(box.mails, again));
}

function list(mails, again) {
  if (!mails.length) return element("p", { class: "mail-empty" }, "No mail yet. Codes and notices arrive here.");
  return element("ul", { class: "mail-list" }, ...mails.map((m) =>
    element("li", { class: read.has(m.id) ? null : "unread" },
      element("button", { type: "button", "data-mail": m.id, onclick: () => again(m.id) },
        element("span", { class: "mail-subject" }, m.subject),
        element("span", { class: "mail-when" }, when(m.at)),
        element("span", { class: "mail-to" }, m.to)))));
}

function whole(mail, again) {
  return element("article", { class: "mail-open" },
    element("button", { type: "button", class: "back", onclick: () => again(null) }, "Back to the mailbox"),
    element("h3", {}, mail.subject),
    element("p", { class: "mail-to" }, `To ${mail.to}, ${when(mail.at)}`),
    mail.code ? element("p", { class: "mail-code" },
      element("output", { id: "mail-code" }, mail.code),
      element("button", { type: "button", class: "quiet copy", onclick: () => copy(mail.code) }, "Copy code")) : null,
    element("pre", { class: "mail-text", tabindex: "0" }, ...linked(mail.text.trim())));
}

// linked makes a link of each address in a text.
function linked(text) {
  return text.split(/(https?:\/\/\S+)/).map((part, i) =>
    i % 2 ? element("a", { href: part, target: "_blank", rel: "noreferrer" }, part) : part);
}

async function copy(code) {
  try {
    await navigator.clipboard.writeText(code);
    toast("Code copied");
  } catch {
    toast("Select the code and copy it with your keyboard");
  }
}

function when(at) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
