// Form fields made from rows: the server tells name, kind, unit, bounds and default of each
// attribute, and nothing here knows any of them.
import {el, newId} from "./dom.js";
import {scheduleFrom, scheduleText} from "./schedule.js";

const numbersText = (object) =>
  Object.entries(object ?? {}).map(([name, value]) => `${name}=${value}`).join(" ");

function numbersFrom(text) {
  const entries = text.split(/[\s,]+/).filter((part) => part !== "").map((part) => {
    const [name, value, ...more] = part.split("=");
    if (value === undefined || value === "" || more.length > 0 || Number.isNaN(Number(value)))
      throw new Error(`"${part}" must be a name, = and a number`);
    return [name, Number(value)];
  });
  return Object.fromEntries(entries);
}

function numeric(step) {
  return {
    make: (row, value) => el("input", {
      type: "number", step, min: row.minimum, max: row.maximum, value, required: true,
      inputmode: step === "any" ? "decimal" : "numeric",
    }),
    read: (input) => input.valueAsNumber,
  };
}

/** By kind: how its input is made, and read. */
const KINDS = {
  integer: numeric("1"),
  number: numeric("any"),
  text: {
    make: (row, value) => el("input", {type: "text", value}),
    read: (input) => input.value.trim(),
  },
  pattern: {
    make: (row, value) => el("input", {
      type: "text", value, autocapitalize: "none", spellcheck: "false",
      placeholder: "regular expression",
    }),
    read: (input) => input.value,
  },
  list: {
    make: (row, value) => el("input", {type: "text", value, placeholder: "name, name"}),
    read: (input) => input.value.trim(),
  },
  flag: {
    make: (row, value) => el("input", {type: "checkbox", checked: value}),
    read: (input) => input.checked,
  },
  choice: {
    make: (row, value) => el("select", {}, ...row.choices.map(
      (each) => el("option", {selected: each === value}, each))),
    read: (input) => input.value,
  },
  numbers: {
    make: (row, value) => el("input", {
      type: "text", value: numbersText(value),
      placeholder: (row.choices ?? ["name"]).map((name) => `${name}=…`).join(" "),
    }),
    read: (input) => numbersFrom(input.value),
  },
  seed: {
    make: (row, value) => el("input", {
      type: "text", inputmode: "numeric", pattern: "\\s*[0-9]+\\s*", title: "a whole number", value,
      autocomplete: "off",
    }),
    read: (input) => input.value.trim().replace(/^0+(?=\d)/, ""),
  },
  schedule: {
    make: (row, value) => el("textarea", {
      rows: 3, autocapitalize: "none", spellcheck: "false",
      placeholder: "2000 add\n5000 update toxicity=0.5\n9000 remove",
    }, scheduleText(value)),
    read: (input) => scheduleFrom(input.value),
  },
};

/** An input with its label and its hint. */
export function labelled(input, label, hint = "") {
  const id = newId();
  const hintId = newId();
  input.id = id;
  if (hint !== "") input.setAttribute("aria-describedby", hintId);
  return el("div", {class: "field"}, el("label", {for: id}, label), input,
    ...(hint === "" ? [] : [el("small", {id: hintId}, hint)]));
}

/**
 * Fields for all of `rows`, as they are in `current` or else by default. `changed()` gives what
 * differs from that: what nobody touched is not sent.
 */
export function fieldsFor(rows, current = {}) {
  const fields = rows.map((row) => {
    const before = current[row.name] ?? row.default;
    const input = KINDS[row.kind].make(row, before);
    input.name = row.name;
    const unit = row.unit === "" ? "" : ` (${row.unit})`;
    return {row, input, before: JSON.stringify(KINDS[row.kind].read(input)),
            element: labelled(input, `${row.name}${unit}`, row.summary)};
  });
  return {
    elements: fields.map((field) => field.element),
    changed() {
      const values = {};
      for (const {row, input, before} of fields) {
        const value = KINDS[row.kind].read(input);
        if (JSON.stringify(value) !== before) values[row.name] = value;
      }
      return values;
    },
  };
}
