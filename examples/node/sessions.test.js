// Sessions when Redis is well, slow, cut off and gone.
"use strict";

const assert = require("node:assert/strict");
const { after, afterEach, before, beforeEach, test } = require("node:test");
const { Toxiproxy } = require("toxiproxy-node-client");

const { Aconite } = require("./aconite.js");
const { Sessions, Unavailable } = require("./sessions.js");

const API = process.env.ACONITE_URL ?? "http://localhost:8474";
const REDIS = process.env.REDIS_ADDRESS ?? "localhost:6379";
const PROXY = "sessions";

const toxiproxy = new Toxiproxy(API);
const aconite = new Aconite(API);
let proxy;
let sessions;

function at(address, patience) {
    const [host, port] = address.split(":");
    return new Sessions({ host, port, patience });
}

before(async () => {
    await (await toxiproxy.getAll())[PROXY]?.remove(); // left by a run that was killed
    const listen = "127.0.0.1:0"; // 0: any free port
    proxy = await toxiproxy.createProxy({ name: PROXY, listen, upstream: REDIS });
    sessions = at(proxy.listen, 200);
});

after(() => proxy?.remove());

beforeEach(async (context) => {
    await aconite.mark(context.name);
    await at(REDIS, 10_000).logIn("42", "ada"); // not through the proxy: no fault is meant for it
});

afterEach(async () => {
    await toxiproxy.reset(); // removes all toxics, enables all proxies
    await aconite.waitForNoConnection(PROXY); // or the next fault may meet one that is closing
});

test("tells who is logged in", async () => {
    assert.equal(await sessions.user("42"), "ada");
    assert.equal(await sessions.user("43"), null);
});

test("does not wait for a slow Redis", { timeout: 1500 }, async () => {
    await proxy.addToxic({ name: "slow", type: "latency", attributes: { latency: 2000 } });
    await assert.rejects(sessions.user("42"), Unavailable);
    await aconite.assertActed(PROXY, "slow", 1);
});

test("tries twice and not more", async () => {
    await proxy.addToxic({ name: "reset", type: "reset_peer", attributes: { timeout: 0 } });
    await assert.rejects(sessions.user("42"), Unavailable);
    await aconite.assertActed(PROXY, "reset", 2);
});

test("the second attempt helps", async () => {
    await proxy.addToxic({ name: "once", type: "reset_peer", trigger: { times: 1 } });
    assert.equal(await sessions.user("42"), "ada");
    await aconite.assertActed(PROXY, "once", 1);
});

test("Redis goes and comes back", async () => {
    const { listen, upstream } = proxy;
    await proxy.update({ enabled: false, listen, upstream });
    await assert.rejects(sessions.user("42"), Unavailable);
    await proxy.update({ enabled: true, listen, upstream });
    assert.equal(await sessions.user("42"), "ada");
});
