// The tray of cards, and the slot of the terminal.
import { post, element, changed } from "./calls.js";

export function showTray(cards, refresh) {
  if (!changed("tray", cards)) return;
  const focused = document.activeElement?.dataset?.card;
  const inside = cards.find((c) => c.inserted);
  const act = async (card, what) => { await post(`/cards/${card.name}/${what}`); await refresh(); };

  document.getElementById("tray").replaceChildren(...cards.map((card) =>
    element("li", {}, element("button", {
      type: "button",
      class: card.inserted ? "card out" : "card",
      "data-card": card.name,
      "aria-label": card.inserted ? `Take ${card.holder}'s card out` : `Put ${card.holder}'s card in. ${about(card)}. ${spoken(card)}`,
      onclick: () => act(card, card.inserted ? "remove" : "insert"),
    }, ...face(card, card.inserted ? "In the terminal" : about(card))), canBlock(card) ? element("button", {
      type: "button",
      class: "block-card",
      "aria-label": `Type three wrong passcodes for ${card.holder}'s card at a computer`,
      title: "Three wrong passcodes, as at a computer",
      onclick: () => block(card, refresh),
    }, "Block") : null)));

  const slot = document.getElementById("slot");
  slot.classList.toggle("holds", Boolean(inside));
  slot.classList.toggle("wants", !inside);
  document.getElementById("slot-hint").hidden = Boolean(inside);
  showInside(inside, act);
  if (focused) document.querySelector(`#tray [data-card="${CSS.escape(focused)}"]`)?.focus();
}

function canBlock(card) {
  return card.passcode_tries > 0 && card.printed_passcode && !card.inserted;
}

// block does what people do on a Monday: it types a wrong passcode, until the
// card takes no more.
async function block(card, refresh) {
  for (let left = card.passcode_tries; left > 0; left--) {
    const answer = await post(`/cards/${card.name}/verify`, { passcode: "00000000" });
    if (!answer || answer.accepted) break;
  }
  await refresh();
}

function showInside(inside, act) {
  if (!changed("inside", inside ? [inside.name, inside.passcode_tries, inside.as_printed] : null)) return;
  document.getElementById("slot-card").replaceChildren(...(inside ? [element("button", {
    type: "button",
    class: "card in-slot",
    id: "take-card",
    "aria-label": `Take ${inside.holder}'s card out`,
    onclick: () => act(inside, "remove"),
  }, ...face(inside, about(inside)), element("span", { class: "card-take" }, "Take the card out"))] : []));
}

// kinds are cards of another kind than most.
const kinds = { gids: "GIDS", openpgp: "OpenPGP", isoapplet: "IsoApplet", authentic: "AuthentIC" };

// about says how the card is now; the seed says it for those that never change.
function about(card) {
  return [state(card), kinds[card.profile]].filter(Boolean).join(" · ");
}

function state(card) {
  if (card.about !== "Works") return card.about;
  if (card.passcode_tries === 0) return "Blocked";
  return card.passcode_tries === 1 ? "Works, 1 try left" : "Works";
}

// print is the passcode as printed on the card, until the person has chosen one.
function print(card) {
  return [element("span", { class: "visually-hidden" }, "Passcode "), card.as_printed ? element("b", {}, card.printed_passcode) : "your own"];
}

function spoken(card) {
  if (!card.printed_passcode) return "";
  return card.as_printed ? `Passcode ${card.printed_passcode}` : "Passcode your own";
}

function face(card, now) {
  return [
    element("span", { class: "card-chip", "aria-hidden": "true" }),
    element("span", {},
      element("span", { class: "card-name" }, card.holder),
      element("span", { class: "card-about" }, now),
      card.printed_passcode ? element("span", { class: "card-code" }, ...print(card)) : null),
  ];
}
