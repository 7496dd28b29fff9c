// What the charts of one proxy show: differences between what it has counted, second by second.

/** So many seconds are kept. */
export const SPAN = 120;

const sum = (list, of) => list.reduce((total, each) => total + of(each), 0);

/** What grows in the stats of a proxy. */
function counters(stats) {
  return {
    up: stats.sent_bytes.upstream,
    down: stats.sent_bytes.downstream,
    dials: stats.dials,
    dialMs: stats.dial_ms,
    delayed: sum(stats.toxics, (toxic) => toxic.delayed),
    delayMs: sum(stats.toxics, (toxic) => toxic.added_delay_ms),
    hits: stats.hits,
  };
}

export class History {
  /** {at, up, down, open, dial, delay, hits}: rates by second, means in ms or null if of nothing. */
  samples = [];
  /** {at, kind, text} of what happened in between. */
  marks = [];
  #last = null;

  /** Takes the stats as they are at `at`, in ms. */
  add(stats, at) {
    const now = counters(stats);
    const before = this.#last;
    this.#last = {at, ...now};
    if (before === null || at <= before.at) return;
    // A proxy that was made anew under its name counts from 0.
    const grown = (name) => (now[name] < before[name] ? now[name] : now[name] - before[name]);
    const seconds = (at - before.at) / 1000;
    const mean = (total, count) => (grown(count) > 0 ? grown(total) / grown(count) : null);
    this.samples.push({
      at,
      up: grown("up") / seconds,
      down: grown("down") / seconds,
      open: stats.connections.open,
      dial: mean("dialMs", "dials"),
      delay: mean("delayMs", "delayed"),
      hits: grown("hits"),
    });
    const old = (each) => each.at < at - SPAN * 1000;
    while (this.samples.length > 0 && old(this.samples[0])) this.samples.shift();
    this.marks = this.marks.filter((mark) => !old(mark));
  }

  mark(kind, text, at) {
    // Far more than can be told apart in a chart.
    if (this.marks.length < 1000) this.marks.push({at, kind, text});
  }
}
