// node-redis, led by a test: see tests/support/servers/redis_drivers.py.
"use strict";
const {createClient} = require("redis");
const {lead, told, Inbox} = require("./lines.js");

let client;
let inbox;

lead({
  /** A command that was sent has no time-out of its own; its socket has one. It tries to connect for
   * ever, so it is given up here. */
  async open(port, milliseconds, cache) {
    const socket = {host: "127.0.0.1", port: Number(port)};
    if (milliseconds !== "0") socket.socketTimeout = Number(milliseconds);
    client = createClient({socket, ...(cache && {RESP: 3, clientSideCache: {ttl: 0}})});
    client.on("error", () => {}); // it is told to the calls
    const late = new Promise((_, reject) => setTimeout(reject, 500, new Error("it goes on trying")));
    await Promise.race([client.connect(), late]);
  },
  get: (key) => client.get(key),
  incr: (key) => client.incr(key),
  async pipeline(...keys) {
    const settled = await Promise.allSettled(keys.map((key) => client.incr(key)));
    return settled.map(({reason, value}) => (reason ? told(reason) : value));
  },
  transaction: (...keys) => keys.reduce((all, key) => all.incr(key), client.multi()).exec(),
  pop: async (key) => (await client.blPop(key, 0.2))?.element,
  async subscribe(channel) {
    inbox = new Inbox();
    await client.subscribe(channel, (text) => inbox.put(text));
  },
  message: (milliseconds) => inbox.take(milliseconds),
  ping: () => client.ping(),
  close: async () => client.destroy(),
});
