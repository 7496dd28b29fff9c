// ioredis, led by a test: see tests/support/servers/redis_drivers.py.
"use strict";
const {Redis} = require("ioredis");
const {lead, told, Inbox} = require("./lines.js");

let client;
let inbox;

const queue = (pipe, keys) => keys.reduce((all, key) => all.incr(key), pipe).exec();
const plain = (results) => results?.map(([error, value]) => (error ? told(error) : value)) ?? null;

lead({
  async open(port, milliseconds) {
    client = new Redis({port, commandTimeout: Number(milliseconds)});
    client.on("error", () => {}); // it is told to the calls
  },
  get: (key) => client.get(key),
  incr: (key) => client.incr(key),
  pipeline: async (...keys) => plain(await queue(client.pipeline(), keys)),
  transaction: async (...keys) => plain(await queue(client.multi(), keys)),
  pop: async (key) => (await client.blpop(key, 0.2))?.[1],
  async subscribe(channel) {
    inbox = new Inbox();
    client.on("message", (_, text) => inbox.put(text));
    await client.subscribe(channel);
  },
  message: (milliseconds) => inbox.take(milliseconds),
  ping: () => client.ping(),
  close: async () => client.disconnect(),
});
