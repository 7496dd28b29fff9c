// Small charts: lines over the last seconds, and below them what was done to the traffic.
import {el, setText, svg} from "./dom.js";
import {SPAN} from "./history.js";

const WIDTH = 300;
const HEIGHT = 60;
const LANE = 10;

const xOf = (at, now) => WIDTH * (1 - (now - at) / (SPAN * 1000));

/** The path of one line; where a value is null there is none. */
function line(samples, name, top, now) {
  let path = "";
  let drawing = false;
  for (const sample of samples) {
    const value = sample[name];
    if (value === null) {
      drawing = false;
      continue;
    }
    const point = `${xOf(sample.at, now).toFixed(1)} ${(HEIGHT - 2 - (HEIGHT - 4) * value / top).toFixed(1)}`;
    // A point by itself is a line to where it is: a dot.
    path += drawing ? `L${point}` : `M${point}L${point}`;
    drawing = true;
  }
  return path;
}

/** The next of 1, 2, 5, 10, 20... */
function roundedUp(value) {
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * [1, 2, 5, 10].find((step) => step * decade >= value * 0.999);
}

/**
 * A chart of `series`, [{name, label}], each a member of the samples; `text` makes words of a
 * value. With `faults` there is a lane below for hits, and lines for what happened.
 */
export class Chart {
  constructor({title, series, text, floor, faults = false}) {
    this.title = title;
    this.series = series;
    this.text = text;
    this.floor = floor;
    this.faults = faults;
    this.scale = el("span", {class: "scale"});
    this.values = series.map(({name}) => el("span", {class: `value ${name}`}));
    this.lines = series.map(({name}) => svg("path", {class: `line ${name}`}));
    this.events = svg("g", {class: "events"});
    this.drawing = svg("svg", {
      role: "img", viewBox: `0 0 ${WIDTH} ${HEIGHT + (faults ? LANE : 0)}`,
      preserveAspectRatio: "none",
    }, svg("path", {class: "base", d: `M0 ${HEIGHT - 1}H${WIDTH}`}), this.events, ...this.lines);
    this.element = el("figure", {class: "chart"},
      el("figcaption", {}, el("span", {class: "title"}, title), this.scale,
        el("span", {class: "values"}, ...this.values)),
      this.drawing);
  }

  draw({samples, marks}, now) {
    const highest = Math.max(this.floor, ...samples.flatMap(
      (sample) => this.series.map(({name}) => sample[name] ?? 0)));
    const top = roundedUp(highest);
    setText(this.scale, `top ${this.text(top)}`);
    this.series.forEach(({name, label}, i) => {
      this.lines[i].setAttribute("d", line(samples, name, top, now));
      const latest = samples.at(-1)?.[name];
      setText(this.values[i], `${label} ${latest == null ? "–" : this.text(latest)}`);
    });
    if (this.faults) this.#drawFaults(samples, marks, now);
    const hits = samples.reduce((total, sample) => total + sample.hits, 0);
    const said = this.values.map((value) => value.textContent).join(", ");
    this.drawing.setAttribute("aria-label", `${this.title}: ${said}` +
      (this.faults ? `; ${hits} hits and ${marks.length} events in ${SPAN} seconds` : ""));
  }

  #drawFaults(samples, marks, now) {
    // A toxic that goes on holding data back does not hit it again: that is told apart.
    const acted = samples.filter((sample) => sample.hits > 0 || sample.delay !== null);
    const lanes = acted.map((sample) => svg("rect", {
      class: sample.hits > 0 ? "hits" : "delayed",
      x: (xOf(sample.at, now) - WIDTH / SPAN).toFixed(1), y: HEIGHT + 1,
      width: (WIDTH / SPAN).toFixed(1), height: LANE - 2,
    }, svg("title", {}, `${sample.hits} hits`)));
    const lines = marks.map((mark) => svg("path", {
      class: `mark ${mark.kind}`, d: `M${xOf(mark.at, now).toFixed(1)} 0V${HEIGHT + LANE}`,
    }, svg("title", {}, mark.text)));
    this.events.replaceChildren(...lanes, ...lines);
  }
}

/** What the signs in the lane mean. */
export function legend() {
  const entries = [["hits", "toxic hits"], ["delayed", "data delayed"],
                   ["cut", "cut or failed dial"], ["mark", "mark"], ["control", "change"]];
  return el("ul", {class: "legend"}, ...entries.map(
    ([kind, text]) => el("li", {class: kind}, text)));
}
