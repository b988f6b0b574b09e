// Calls to the driver.
export async function get(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

export async function post(path, body = {}) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) {
    toast((await answer.text()).trim());
    return null;
  }
  return answer.json();
}

// poll repeats work while the page is looked at.
export function poll(work, every) {
  setInterval(() => {
    if (!document.hidden) work().catch(() => {});
  }, every);
}

let hide;
export function toast(words) {
  const t = document.getElementById("toast");
  t.textContent = words;
  t.hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => { t.hidden = true; }, 5000);
}

// element makes one element; text never becomes markup.
export function element(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.filter((c) => c != null));
  return e;
}

// changed tells whether what is to be shown differs from what is shown, so
// that focus and scrolling stay where they are.
const seen = new Map();
export function changed(where, value) {
  const text = JSON.stringify(value);
  if (seen.get(where) === text) return false;
  seen.set(where, text);
  return true;
}
