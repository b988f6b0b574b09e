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
      "aria-label": card.inserted ? `Take ${card.holder}'s card out` : `Put ${card.holder}'s card in. ${card.about}. Passcode ${card.printed_passcode}`,
      onclick: () => act(card, card.inserted ? "remove" : "insert"),
    }, ...face(card)))));

  const slot = document.getElementById("slot");
  slot.classList.toggle("holds", Boolean(inside));
  slot.classList.toggle("wants", !inside);
  document.getElementById("slot-hint").hidden = Boolean(inside);
  showInside(inside, act);
  if (focused) document.querySelector(`#tray [data-card="${CSS.escape(focused)}"]`)?.focus();
}

function showInside(inside, act) {
  if (!changed("inside", inside?.name ?? null)) return;
  document.getElementById("slot-card").replaceChildren(...(inside ? [element("button", {
    type: "button",
    class: "card in-slot",
    id: "take-card",
    "aria-label": `Take ${inside.holder}'s card out`,
    onclick: () => act(inside, "remove"),
  }, ...face(inside), element("span", { class: "card-take" }, "Take the card out"))] : []));
}

function face(card) {
  return [
    element("span", { class: "card-chip", "aria-hidden": "true" }),
    element("span", {},
      element("span", { class: "card-name" }, card.holder),
      element("span", { class: "card-about" }, card.about),
      card.printed_passcode ? element("span", { class: "card-code" }, "Passcode ", element("b", {}, card.printed_passcode)) : null),
  ];
}
