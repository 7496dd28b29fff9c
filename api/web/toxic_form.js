// The form of a toxic, new or there already.
import {call, path} from "./api.js";
import {ask} from "./dialog.js";
import {el} from "./dom.js";
import {fieldsFor, labelled} from "./fields.js";

const STREAM_HINTS = {
  upstream: "upstream: from client to server", downstream: "downstream: from server to client",
  both: "both directions",
};

/** How long every toxic stays. */
const LIFETIME = [
  {name: "ttl", kind: "integer", unit: "ms", minimum: 0, default: 0,
   summary: "it is removed so long after it was added, or this was changed; 0: it stays"},
  {name: "schedule", kind: "schedule", unit: "", default: [],
   summary: "a line for each step: ms after it was added, or this was changed, and then add, " +
     "remove, or update with what is new; behind a last remove the toxic is gone"},
];
/** What a toxic has from its first moment to its last: no edit can change it. */
const FIXED = [
  {name: "seed", kind: "seed", unit: "", default: "",
   summary: "key of its random decisions, instead of the proxy's or the server's"},
  {name: "lease", kind: "text", unit: "", default: "",
   summary: "id of the lease that it ends with"},
];

/** Adds what has members: the server takes an empty object for one that was meant. */
function withGroups(body, groups) {
  for (const [name, values] of Object.entries(groups))
    if (Object.keys(values).length > 0) body[name] = values;
  return body;
}

/** Tells what of that a toxic has, in place of a field. */
function fixedElements(toxic) {
  const given = FIXED.filter(({name}) => toxic[name]).map(({name}) => `${name} ${toxic[name]}`);
  return given.length === 0 ? [] :
    [el("p", {class: "summary"}, `Cannot be changed: ${given.join(", ")}.`)];
}

/** What every toxic has: share of connections, which ones, when, and how long. */
function aimFields(types, type, toxic) {
  const toxicity = fieldsFor([{
    name: "toxicity", kind: "number", unit: "0 to 1", minimum: 0, maximum: 1, default: 1,
    summary: "share of the connections that it acts on",
  }], toxic);
  const match = fieldsFor([...types.match, ...(type.match ?? [])], toxic?.match);
  const trigger = fieldsFor(types.trigger, toxic?.trigger);
  const lifetime = fieldsFor(toxic ? LIFETIME : [...LIFETIME, ...FIXED], toxic);
  const group = (title, fields) =>
    el("details", {}, el("summary", {}, title), ...fields.elements);
  return {
    elements: [...toxicity.elements,
               group(type.match ? "Which connections and operations" : "Which connections", match),
               group("When", trigger),
               group(toxic ? "How long" : "How long, and by which seed", lifetime)],
    changed: () => withGroups({...toxicity.changed(), ...lifetime.changed()},
      {match: match.changed(), trigger: trigger.changed()}),
  };
}

/** Those of `protocol`, which may be undefined, and those that need none. */
function fitting(types, protocol) {
  const spoken = typeof protocol === "object" ? "frame" : protocol;
  return types.toxics.filter((each) => !each.protocol || each.protocol === spoken);
}

export function addToxic({name: proxy, protocol}, types) {
  const type = el("select", {name: "type"}, ...fitting(types, protocol).map(
    (each) => el("option", {}, each.name)));
  type.value = "latency";
  const stream = el("select", {name: "stream"});
  const name = el("input", {name: "name", autocomplete: "off"});
  const summary = el("p", {class: "summary", "aria-live": "polite"});
  const place = el("div", {});
  const aimPlace = el("div", {});
  let aim;
  let aimedBy;
  let attributes;

  function show() {
    const row = types.toxics.find((each) => each.name === type.value);
    summary.textContent = row.summary;
    stream.replaceChildren(...row.streams.map((each) => el("option", {}, each)));
    if (row.streams.includes("downstream")) stream.value = "downstream";
    attributes = fieldsFor(row.attributes);
    place.replaceChildren(...attributes.elements);
    if (aim && aimedBy === row.match) return;  // what was filled in stays
    aimedBy = row.match;
    aim = aimFields(types, row);
    aimPlace.replaceChildren(...aim.elements);
  }
  type.addEventListener("change", show);
  show();

  const hint = [...new Set(types.toxics.flatMap((each) => each.streams))]
    .map((each) => STREAM_HINTS[each]).join("; ");
  return ask({
    title: `Add a toxic to ${proxy}`,
    button: "Add",
    content: [labelled(type, "type"), summary, place, labelled(stream, "stream", hint),
              labelled(name, "name", "if none: type_stream"), aimPlace],
    act: () => call("POST", path("proxies", proxy, "toxics"), withGroups(
      {type: type.value, stream: stream.value, ...(name.value && {name: name.value}),
       ...aim.changed()}, {attributes: attributes.changed()})),
  });
}

export function editToxic(proxy, toxic, types) {
  const row = types.toxics.find((each) => each.name === toxic.type);
  const attributes = fieldsFor(row.attributes, toxic.attributes);
  const aim = aimFields(types, row, toxic);
  return ask({
    title: `Edit ${toxic.name}`,
    button: "Save",
    content: [el("p", {class: "summary"}, row.summary), ...attributes.elements, ...aim.elements,
              ...fixedElements(toxic)],
    act: () => call("PATCH", path("proxies", proxy, "toxics", toxic.name),
      withGroups(aim.changed(), {attributes: attributes.changed()})),
  });
}
