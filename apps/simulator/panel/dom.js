const SVG = new Set(["svg", "rect", "line", "title"]);
const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/** An element. Attributes that are null or false are left out; children are elements, texts, and lists of them. */
export function h(tag, attributes, ...children) {
  const element = SVG.has(tag) ? document.createElementNS(SVG_NAMESPACE, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...flat(children));
  return element;
}

function flat(children) {
  return children.flat(9).filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}

/**
 * Makes the children of `parent` like these. Elements that can stay do, with the focus, the selection and what was typed in them;
 * those with a `data-key` are found again wherever they are.
 */
export function show(parent, ...children) {
  morph(
    parent,
    flat(children).map((child) => (typeof child === "object" ? child : document.createTextNode(String(child)))),
  );
}

function morph(parent, wanted) {
  const keyed = new Map();
  for (const child of parent.children) if (child.dataset?.key !== undefined) keyed.set(child.dataset.key, child);
  let at = parent.firstChild;
  for (const next of wanted) {
    const key = next.dataset?.key;
    const found = key === undefined ? at : (keyed.get(key) ?? at);
    if (found && canStay(found, next)) {
      if (found !== at) parent.insertBefore(found, at);
      else at = at.nextSibling;
      adapt(found, next);
    } else parent.insertBefore(next, at);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

const canStay = (old, next) => old.nodeName === next.nodeName && old.dataset?.key === next.dataset?.key && old.id === next.id;

function adapt(old, next) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== next.data) old.data = next.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  morph(old, [...next.childNodes]);
}

/** A moment as people read it, with the day where it is not today. */
export function moment(iso) {
  if (iso === null || iso === undefined) return "never";
  const date = new Date(iso);
  const time = date.toLocaleTimeString([], { hour12: false });
  const isToday = date.toDateString() === new Date().toDateString();
  return h("time", { datetime: iso }, isToday ? time : `${date.toLocaleDateString()} ${time}`);
}

export const badge = (tone, text) => h("span", { class: `badge ${tone}` }, text);

/** Names and values. Values that are null are left out. */
export const facts = (...pairs) =>
  h(
    "dl",
    { class: "facts" },
    pairs.map(([name, value]) => (value === null || value === undefined ? null : [h("dt", null, name), h("dd", null, value)])),
  );
