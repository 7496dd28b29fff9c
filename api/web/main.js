// Puts the page together: asks for the numbers once a second and follows what happens.
import {call, follow, journalTail} from "./api.js";
import {showConnections} from "./connections.js";
import {confirm} from "./dialog.js";
import {byId, notify, setText} from "./dom.js";
import {Journal, words} from "./journal.js";
import {ProxyCard} from "./proxy_card.js";
import {addProxy} from "./proxy_form.js";

const POLL_MS = 1000;
const TAIL = 100;

const cards = new Map();
const journal = new Journal();
let types = null;

function health(text, failed = false) {
  setText(byId("health"), text);
  byId("health").classList.toggle("failed", failed);
}

function showProxies(proxies, allStats) {
  const now = Date.now();
  const names = Object.keys(proxies).sort();
  const place = byId("proxies");
  for (const [name, card] of cards) {
    if (name in proxies) continue;
    card.element.remove();
    cards.delete(name);
  }
  names.forEach((name, i) => {
    const stats = allStats.find((each) => each.name === name);
    if (stats === undefined) return;  // made between the two questions
    let card = cards.get(name);
    if (card === undefined) {
      card = new ProxyCard(name, () => types, poll);
      cards.set(name, card);
      place.insertBefore(card.element, place.children[i] ?? null);
    }
    card.update(proxies[name], stats, now);
  });
  byId("no-proxies").hidden = names.length > 0;
}

async function refresh() {
  types ??= await call("GET", "toxic-types");
  const [proxies, stats] = await Promise.all([call("GET", "proxies"), call("GET", "stats")]);
  showProxies(proxies, stats);
  const open = stats.reduce((total, each) => total + each.connections.open, 0);
  await showConnections(open);
  health(`live, ${stats.length === 1 ? "1 proxy" : `${stats.length} proxies`}`);
}

let polling = null;
/** One question at a time; whoever asks meanwhile waits for the one that is on its way. */
function poll() {
  polling ??= refresh().catch((error) => health(error.message, true))
    .finally(() => { polling = null; });
  return polling;
}

/** A line in the charts for what is more than a hit. */
function markCharts({kind, data}, now) {
  const sign = {cut: "cut", dial_failed: "cut", mark: "mark", control: "control"}[kind];
  if (sign === undefined) return;
  for (const [name, card] of cards)
    if (!data.proxy || data.proxy === name) card.history.mark(sign, words(kind, data), now);
}

function take(events) {
  const now = Date.now();
  for (const event of events) markCharts(event, now);
  journal.add(events);
}

async function followJournal(signal) {
  while (!signal.aborted) {
    try {
      const {records, next} = await journalTail(TAIL);
      journal.add(records.map((data) => ({kind: data.kind, data})), true);
      await follow(next, signal, take);
    } catch {
      // poll() tells that the server is gone; this tries again when it may be back.
    }
    await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
  }
}

let watching = null;
/** Works while somebody can see it. */
function watch() {
  if (document.hidden) {
    watching?.stop();
    watching = null;
  } else if (watching === null) {
    const following = new AbortController();
    const timer = setInterval(poll, POLL_MS);
    watching = {stop: () => { following.abort(); clearInterval(timer); }};
    poll();
    followJournal(following.signal);
  }
}

byId("new-proxy").addEventListener("click", async () => {
  if (await addProxy()) notify("Proxy created");
  poll();
});

byId("reset").addEventListener("click", async () => {
  const done = await confirm("Reset everything?",
    "Every proxy is enabled, all toxics are removed, and all leases end. The counters stay.",
    "Reset", () => call("POST", "reset"));
  if (done) notify("Everything was reset");
  poll();
});

byId("mark").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await call("POST", "marks", {text: byId("mark-text").value});
    byId("mark").reset();
  } catch (error) {
    notify(error.message, true);
  }
});

document.addEventListener("visibilitychange", watch);
watch();
