// The tail of the journal.
import {byId, el} from "./dom.js";
import {bytes, counted, milliseconds, timeOfDay} from "./format.js";

const KEPT = 200;
/** Nobody reads faster, and drawing the list costs more than reading the events. */
const DRAWN_EVERY_MS = 200;

/** A statement as it is, else what the protocol tells of the operation. */
function operationText({command = "", query, ...rest}) {
  return query ? `${command} ${query}` :
    Object.entries(command ? {command, ...rest} : rest).map((each) => each.join(" ")).join(", ");
}

/** By kind: what happened, in words. */
const WORDS = {
  open: (r) => `connection ${r.connection} from ${r.client}, dialled in ${milliseconds(r.dial_ms)}`,
  dial_failed: (r) => `no upstream for ${r.client}: ${r.error}`,
  close: (r) => `connection ${r.connection} ended by ${r.by} (${r.how})` +
    (r.reason ? `, ${r.reason},` : "") + ` after ${milliseconds(r.duration_ms)}, ${bytes(r.received_bytes.upstream)} up, ` +
    `${bytes(r.received_bytes.downstream)} down`,
  hit: (r) => `${counted(r.hits, "hit")} ${r.stream} on ${bytes(r.bytes)} at ${r.offset}` +
    (r.held ? ", held" : "") + (r.delay_ms ? `, ${milliseconds(r.delay_ms)} added` : "") +
    (r.ends ? `, ends by ${r.ends}` : "") +
    (r.operation ? `: ${operationText(r.operation)}` : ""),
  cut: (r) => `connection ${r.connection ?? ""} cut by ${r.ends ?? "fin"}`,
  control: (r) => r.action,
  mark: (r) => r.text,
  not_followed: (r) => `connection ${r.connection} passes as bytes: ${r.reason}`,
  unknown: (r) => `connection ${r.connection}: ${r.reason}`,
  bypass: (r) => `connection ${r.connection} was told of a way around the proxy: ${r.reason}`,
  missed: (r) => `${r.missed} records came too fast to be shown`,
};

/** What a record says, without its time and kind. */
export function words(kind, record) {
  const about = [record.proxy, record.toxic].filter(Boolean).join(" / ");
  return [about, WORDS[kind](record)].filter(Boolean).join(": ");
}

function entry({kind, data}) {
  return el("li", {class: kind, "data-kind": kind},
    ...(data.time ? [el("time", {datetime: data.time}, timeOfDay(data.time))] : []),
    el("span", {class: "kind"}, kind), el("span", {}, words(kind, data)));
}

export class Journal {
  #events = [];
  #timer = null;
  #list = byId("journal");
  #filter = byId("journal-filter");
  #hold = byId("journal-hold");

  constructor() {
    this.#filter.addEventListener("change", () => this.#show());
    this.#hold.addEventListener("change", () => this.#show());
  }

  /** Adds events as `follow` gives them; with `afresh` they take the place of all. */
  add(events, afresh = false) {
    this.#events = [...(afresh ? [] : this.#events), ...events.slice(-KEPT)].slice(-KEPT);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#show();
    }, DRAWN_EVERY_MS);
  }

  #show() {
    if (this.#hold.checked) return;
    const kinds = this.#filter.value;
    const wanted = this.#events.filter(({kind}) => kinds === "" || kinds.split(" ").includes(kind));
    this.#list.replaceChildren(...wanted.reverse().map(entry));
  }
}
