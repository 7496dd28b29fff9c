"use strict";

/** What aconite has beyond Toxiproxy's client: each is one request with a body of JSON. */
class Aconite {
    /** `url` is where the server listens: http://HOST:PORT. */
    constructor(url) {
        this.url = url;
    }

    /** Throws unless the toxic acted on exactly so many connections. */
    assertActed(proxy, toxic, connections) {
        return this.#send("POST", "/assert", { proxy, toxic, connections: { "==": connections } });
    }

    /** Waits until all connections through the proxy are closed; throws after 10 s. */
    waitForNoConnection(proxy) {
        return this.#send("GET", `/wait?proxy=${proxy}&open=0`);
    }

    /** Writes a text into the journal. */
    mark(text) {
        return this.#send("POST", "/marks", { text });
    }

    async #send(method, path, body) {
        const answer = await fetch(this.url + path, {
            method,
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(body),
            signal: AbortSignal.timeout(15_000),
        });
        const text = await answer.text();
        if (!answer.ok) {
            throw new Error(`${method} ${path}: ${text}`);
        }
    }
}

module.exports = { Aconite };
