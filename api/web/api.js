// Talking to the server that the page came from.

/** By this the server knows the page; another site cannot send it. */
const HEADERS = {"Aconite-Page": "1"};
/** The slowest thing that is asked for is a reset that waits for a name server. */
const PATIENCE_MS = 30_000;
const REFUSED = "The server does not serve this page here. Open it by an IP address, localhost, or " +
  "a name without a dot or in .localhost or .internal.";

function digits(seed) {
  if (!JSON.rawJSON) throw new Error("This browser cannot send a seed: it is from before 2025.");
  return JSON.rawJSON(seed);
}

/** A seed may have more digits than a Number holds: it is a text here, a number on the way. */
const encoded = (body) => JSON.stringify(body, (name, value) =>
  (name === "seed" && typeof value === "string" ? digits(value) : value));

/** Browsers from before 2025 do not tell the digits; rather than a wrong seed they show none. */
const decoded = (text) => JSON.parse(text, (name, value, from) =>
  (name === "seed" && typeof value === "number" ? from?.source : value));

function reason(status, text) {
  if (status === 403) return REFUSED;
  try {
    return JSON.parse(text).error ?? text;
  } catch {
    return text.trim() || `status ${status}`;
  }
}

async function request(method, path, {body, signal = AbortSignal.timeout(PATIENCE_MS)} = {}) {
  const answer = await fetch(path, {
    method, signal, headers: HEADERS, cache: "no-store",
    body: body === undefined ? undefined : encoded(body),
  }).catch(() => { throw new Error("The server does not answer."); });
  if (!answer.ok) throw new Error(reason(answer.status, await answer.text()));
  return answer;
}

/** The decoded answer, or null if it is empty. Throws an Error with the server's words. */
export async function call(method, path, body) {
  const text = await (await request(method, path, {body})).text();
  return text === "" ? null : decoded(text);
}

/** A path of names: path("proxies", "a/b") is "proxies/a%2Fb". */
export const path = (...names) => names.map(encodeURIComponent).join("/");

/** The last records of the journal, and the number to go on from. */
export async function journalTail(count) {
  const answer = await request("GET", `journal?tail=${count}`);
  const lines = (await answer.text()).split("\n").filter((line) => line !== "");
  return {records: lines.map((line) => JSON.parse(line)),
          next: Number(answer.headers.get("Aconite-Journal-Next"))};
}

/** One event of the stream as {kind, data}; null for a sign of life. */
function eventOf(block) {
  const event = {kind: "", data: null};
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) event.kind = line.slice(7);
    else if (line.startsWith("data: ")) event.data = JSON.parse(line.slice(6));
  }
  return event.data === null ? null : event;
}

/**
 * Calls `take` with lists of events as they happen, until `signal` is aborted or the server is
 * gone. One list for each frame at most: when more happens than can be shown, the journal waits,
 * and tells how much was missed. An EventSource would do if it could send a header.
 */
export async function follow(since, signal, take) {
  const answer = await request("GET", `events?since=${since}`, {signal});
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    const events = blocks.map(eventOf).filter((event) => event !== null);
    if (events.length > 0) take(events);
    await new Promise(requestAnimationFrame);
  }
}
