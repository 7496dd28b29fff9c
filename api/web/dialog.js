// Dialogs: the browser's own, which keep the focus inside and give it back.
import {el, newId} from "./dom.js";

/**
 * Shows a form. `act` is called when it is sent; what it throws is shown in the dialog, which
 * then stays. Resolves when it is closed: true if `act` was done.
 */
export function ask({title, content, button, danger = false, act}) {
  const titleId = newId();
  const fault = el("p", {class: "fault", role: "alert"});
  const send = el("button", {class: danger ? "danger" : "primary"}, button);
  const cancel = el("button", {type: "button", onclick: () => dialog.close()}, "Cancel");
  const form = el("form", {}, el("h2", {id: titleId}, title),
    el("div", {class: "fields"}, ...content), fault,
    el("div", {class: "actions"}, cancel, send));
  const dialog = el("dialog", {"aria-labelledby": titleId}, form);
  let done = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    fault.textContent = "";
    try {
      await act();
      done = true;
      dialog.close();
    } catch (error) {
      fault.textContent = error.message;
    } finally {
      send.disabled = false;
    }
  });
  // What must be filled in has to be seen.
  form.addEventListener("invalid", (event) => {
    event.target.closest("details")?.setAttribute("open", "");
  }, true);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(done);
    });
  });
}

/** A question that is answered with one button. */
export function confirm(title, text, button, act) {
  return ask({title, content: [el("p", {}, text)], button, danger: true, act});
}
