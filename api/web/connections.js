// The list of live connections.
import {call} from "./api.js";
import {byId, el, setText} from "./dom.js";
import {age, bytes} from "./format.js";

/** With more than so many the list is not asked for: it would cost the server and tell nobody. */
const LISTED_MAX = 500;

const HEADINGS = ["id", "proxy", "client", "upstream", "age", "from client", "from upstream"];

function row(connection) {
  const {upstream, downstream} = connection.received_bytes;
  const cells = [connection.id, connection.proxy, connection.client, connection.upstream,
                 age(connection.age_ms), bytes(upstream), bytes(downstream)];
  return el("tr", {}, ...cells.map(
    (text, i) => el("td", {"data-heading": HEADINGS[i]}, String(text))));
}

/** `open`: how many there are. */
export async function showConnections(open) {
  const body = byId("connections");
  const few = open > 0 && open <= LISTED_MAX;
  setText(byId("connection-count"), few || open === 0 ? `(${open})` : `(${open}, too many to list)`);
  body.replaceChildren(...(few ? await call("GET", "connections") : []).map(row));
}
