// Drives a server through the official Node client.
// Usage: node driver.js MODULES_FOLDER API_ADDRESS UPSTREAM_ADDRESS
"use strict";

const assert = require("node:assert/strict");
const net = require("node:net");
const path = require("node:path");

const [modules, address, upstream] = process.argv.slice(2);
const { Toxiproxy } = require(path.join(modules, "toxiproxy-node-client"));

const toxics = {
    latency: { latency: 11, jitter: 12 },
    bandwidth: { rate: 13 },
    slow_close: { delay: 14 },
    timeout: { timeout: 15 },
    reset_peer: { timeout: 16 },
    slicer: { average_size: 19, size_variation: 18, delay: 17 },
    limit_data: { bytes: 20 },
};

function reachable(listen) {
    const [host, port] = listen.split(":");
    return new Promise((resolve) => {
        const socket = net.connect(Number(port), host, () => {
            socket.destroy();
            resolve(true);
        });
        socket.on("error", () => resolve(false));
    });
}

const failsWith = (status) => ({ message: `Request failed with status code ${status}` });

/** Adds, reads, updates and removes one toxic. */
async function drive(proxy, type, attributes) {
    const body = { name: "", type, stream: "upstream", toxicity: 0.2, attributes };
    const toxic = await proxy.addToxic(body);
    assert.equal(toxic.name, `${type}_upstream`);
    assert.equal(toxic.toxicity, 0.2);
    assert.deepEqual(toxic.attributes, attributes);
    await assert.rejects(proxy.addToxic(body), failsWith(409));
    const read = await proxy.getToxic(toxic.name);
    assert.deepEqual(read.toJson(), toxic.toJson());
    for (const name of Object.keys(attributes)) {
        const value = attributes[name] + (name === "average_size" ? 5 : -1);
        const updated = await toxic.update({ toxicity: 0.7, attributes: { [name]: value } });
        assert.equal(updated.attributes[name], value);
        assert.equal(updated.toxicity, 0.7);
    }
    await toxic.remove();
    await assert.rejects(proxy.getToxic(toxic.name), failsWith(404));
    await assert.rejects(toxic.remove(), failsWith(404));
}

async function main() {
    const client = new Toxiproxy(`http://${address}`);
    assert.match(await client.getVersion(), /2\.12\.0/);

    const made = await client.populate([
        { name: "one", listen: "localhost:0", upstream },
        { name: "two", listen: "localhost:0", upstream, enabled: false },
    ]);
    assert.deepEqual(Object.keys(made).sort(), ["one", "two"]);
    assert.equal(made.one.enabled, true);
    assert.equal(made.two.enabled, false);

    const create = { name: "a:b", listen: "127.0.0.1:0", upstream };
    let proxy = await client.createProxy(create);
    assert.ok(await reachable(proxy.listen));
    await assert.rejects(client.createProxy(create), failsWith(409));
    await assert.rejects(client.createProxy({ listen: "x", upstream }), failsWith(400));
    await assert.rejects(client.get("nobody"), failsWith(404));
    assert.deepEqual(Object.keys(await client.getAll()).sort(), ["a:b", "one", "two"]);

    for (const enabled of [false, true]) {
        proxy = await proxy.update({ enabled, listen: proxy.listen, upstream });
        assert.equal(proxy.enabled, enabled);
        assert.equal(await reachable(proxy.listen), enabled);
    }
    for (const [type, attributes] of Object.entries(toxics)) {
        await drive(proxy, type, attributes);
    }
    await assert.rejects(proxy.addToxic({ type: "nope", attributes: {} }), failsWith(400));

    await proxy.addToxic({ type: "latency", attributes: { latency: 5, jitter: 0 } });
    assert.equal((await client.get("a:b")).toJson().enabled, true);
    await proxy.update({ enabled: false, listen: proxy.listen, upstream });
    await client.reset();
    proxy = await client.get("a:b");
    assert.equal(proxy.enabled, true);
    await assert.rejects(proxy.getToxic("latency_downstream"), failsWith(404));

    for (const each of Object.values(await client.getAll())) {
        await each.remove();
    }
    await assert.rejects(proxy.remove(), failsWith(404));
    assert.deepEqual(await client.getAll(), {});
    console.log("all passed");
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
