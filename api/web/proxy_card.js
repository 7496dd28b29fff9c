// One proxy: its switch, its charts and its toxics.
import {call, path} from "./api.js";
import {Chart, legend} from "./chart.js";
import {confirm} from "./dialog.js";
import {el, newId, notify, setText} from "./dom.js";
import {counted, milliseconds, rate, timeOfDay} from "./format.js";
import {History} from "./history.js";
import {addToxic, editToxic} from "./toxic_form.js";

const shown = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** The first digits of an id are enough to know it by. */
const ID_DIGITS = 8;

/** How long it stays and what its decisions come from, in few words. */
function timingParts({ttl, schedule, seed, lease}) {
  return [ttl && `ttl ${milliseconds(ttl)}`,
          schedule && `schedule of ${counted(schedule.length, "step")}`,
          seed && `seed ${seed}`,
          lease && `lease ${lease.slice(0, ID_DIGITS)}…`].filter(Boolean);
}

function settingsText(toxic) {
  const parts = Object.entries(toxic.attributes).map(([name, value]) => `${name} ${shown(value)}`);
  if (toxic.toxicity !== 1) parts.push(`toxicity ${toxic.toxicity}`);
  for (const group of ["match", "trigger"])
    if (toxic[group]) parts.push(`${group} ${shown(toxic[group])}`);
  parts.push(...timingParts(toxic));
  if (toxic.active === false) parts.push("not in effect now");
  return parts.join(", ");
}

function effectText(stats) {
  if (stats === undefined) return "";
  if (stats.hits === 0) return "no hit yet";
  const delay = stats.delayed === 0 ? "" :
    `, ${milliseconds(stats.added_delay_ms / stats.delayed)} added on average`;
  return `${counted(stats.hits, "hit")} on ${counted(stats.connections, "connection")}, ` +
    `last at ${timeOfDay(stats.last_hit)}${delay}`;
}

function brokerText({id, listen, upstream}) {
  return `broker ${id}: ${listen || "not listened for"} → ${upstream}`;
}

export class ProxyCard {
  history = new History();
  #toxics = "";
  #brokers = "";
  #effects = new Map();

  /** `types()` gives the rows of the forms; `changed()` is called when something was done. */
  constructor(name, types, changed) {
    this.name = name;
    this.types = types;
    this.changed = changed;
    const title = newId();
    this.addresses = el("p", {class: "addresses"});
    this.enabled = el("input", {type: "checkbox", role: "switch", onchange: () => this.#toggle()});
    this.counts = el("p", {class: "counts"});
    this.brokers = el("ul", {class: "brokers", "aria-label": `brokers of ${name}`, hidden: true});
    this.charts = [
      new Chart({title: "Throughput and faults", faults: true, text: rate, floor: 1000,
                 series: [{name: "up", label: "to upstream"}, {name: "down", label: "to client"}]}),
      new Chart({title: "Open connections", text: String, floor: 5,
                 series: [{name: "open", label: ""}]}),
      new Chart({title: "Latency, mean", text: milliseconds, floor: 1,
                 series: [{name: "dial", label: "dial"},
                          {name: "delay", label: "added by toxics"}]}),
    ];
    this.list = el("ul", {class: "toxics", "aria-label": `toxics of ${name}`});
    const button = (text, label, act, kind = "") =>
      el("button", {type: "button", "aria-label": label, class: kind, onclick: act}, text);
    this.element = el("article", {class: "card", "aria-labelledby": title},
      el("div", {class: "head"}, el("h3", {id: title}, name),
        el("label", {class: "switch"}, this.enabled, "enabled"),
        button("Delete", `Delete ${name}`, () => this.#remove(), "danger")),
      this.addresses, this.brokers, this.counts,
      el("div", {class: "charts"}, ...this.charts.map((chart) => chart.element)),
      legend(),
      this.list,
      button("Add toxic", `Add toxic to ${name}`, () => this.#add()));
  }

  update(proxy, stats, now) {
    this.history.add(stats, now);
    this.enabled.checked = proxy.enabled;
    this.element.classList.toggle("off", !proxy.enabled);
    this.protocol = proxy.protocol;
    const own = ["protocol", "label", "seed"].filter((name) => proxy[name]);
    setText(this.addresses, [`${proxy.listen} → ${proxy.upstream}`,
                             ...own.map((name) => `${name} ${shown(proxy[name])}`)].join(", "));
    const {open, total, refused, dial_errors: failed} = stats.connections;
    setText(this.counts, `${open} open of ${counted(total, "connection")}, ` +
      `${counted(refused, "refusal")}, ${counted(failed, "failed dial")}, ` +
      counted(stats.hits, "toxic hit") +
      (stats.bypass ? `, ${counted(stats.bypass, "way")} around the proxy told` : ""));
    this.#showBrokers(proxy.brokers?.seen ?? []);
    for (const chart of this.charts) chart.draw(this.history, now);
    this.#showToxics(proxy.toxics, stats.toxics);
  }

  /** Those that clients were told of, if its protocol tells of any. */
  #showBrokers(brokers) {
    const text = JSON.stringify(brokers);
    if (text === this.#brokers) return;
    this.#brokers = text;
    this.brokers.hidden = brokers.length === 0;
    this.brokers.replaceChildren(...brokers.map((broker) => el("li", {}, brokerText(broker))));
  }

  /** The list is made anew only when it changed: nobody's focus is taken away by a poll. */
  #showToxics(toxics, allStats) {
    const text = JSON.stringify(toxics);
    if (text !== this.#toxics) {
      this.#toxics = text;
      this.#effects = new Map();
      this.list.replaceChildren(...toxics.map((toxic) => this.#row(toxic)));
    }
    for (const [name, element] of this.#effects)
      setText(element, effectText(allStats.find((each) => each.name === name && !each.removed)));
  }

  #row(toxic) {
    const effect = el("p", {class: "effect"});
    this.#effects.set(toxic.name, effect);
    const remove = () => this.#did(call("DELETE", path("proxies", this.name, "toxics", toxic.name)),
      `${toxic.name} removed`);
    return el("li", {},
      el("div", {}, el("p", {}, el("strong", {}, toxic.name), ` ${toxic.type}, ${toxic.stream}`),
        el("p", {class: "settings"}, settingsText(toxic)), effect),
      el("div", {class: "actions"},
        el("button", {type: "button", "aria-label": `Edit ${toxic.name} of ${this.name}`,
                      onclick: () => this.#edit(toxic)}, "Edit"),
        el("button", {type: "button", "aria-label": `Remove ${toxic.name} of ${this.name}`,
                      onclick: remove}, "Remove")));
  }

  async #did(work, text) {
    try {
      if ((await work) !== false) notify(text);
    } catch (error) {
      notify(error.message, true);
    }
    this.changed();
  }

  #toggle() {
    const enabled = this.enabled.checked;
    return this.#did(call("POST", path("proxies", this.name), {enabled}),
      `${this.name} ${enabled ? "enabled" : "disabled"}`);
  }

  #add() {
    return this.#did(addToxic({name: this.name, protocol: this.protocol}, this.types()), `Toxic added to ${this.name}`);
  }

  #edit(toxic) {
    return this.#did(editToxic(this.name, toxic, this.types()), `${toxic.name} changed`);
  }

  #remove() {
    return this.#did(confirm(`Delete ${this.name}?`,
      "Its connections are closed and its toxics are gone.", "Delete",
      () => call("DELETE", path("proxies", this.name))), `${this.name} deleted`);
  }
}
