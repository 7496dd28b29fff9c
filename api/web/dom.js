// Making elements. Texts are only ever set as text: the policy of the page allows no markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** el("button", {type: "button", onclick: act}, "text"): an element; false leaves an attribute out. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for a part of a drawing. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** Sets a text only where it differs: what does not change is not drawn, nor read out, again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let ids = 0;
/** An id that no other element has. */
export const newId = () => `id${++ids}`;

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

const NOTICE_MS = 8000;
let noticeEnds;

/** Says what was done, or what failed, for a while. */
export function notify(text, failed = false) {
  const notice = byId("notice");
  clearTimeout(noticeEnds);
  noticeEnds = setTimeout(() => { notice.textContent = ""; }, NOTICE_MS);
  notice.textContent = text;
  notice.classList.toggle("failed", failed);
}
