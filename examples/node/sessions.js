"use strict";

const Redis = require("ioredis");

const ATTEMPTS = 2;

/** Redis is late, or cannot be reached. */
class Unavailable extends Error {
    constructor(cause) {
        super(`nobody knows who is logged in: ${cause.message}`, { cause });
    }
}

/** Who is logged in: the users of sessions, kept in Redis. */
class Sessions {
    /** `patience` limits each wait for Redis, in milliseconds. */
    constructor({ host, port, patience }) {
        this.options = {
            host,
            port,
            connectTimeout: patience,
            commandTimeout: patience,
            lazyConnect: true,
            retryStrategy: null,
            maxRetriesPerRequest: 0,
            enableReadyCheck: false,
        };
    }

    /** Notes whose session it is. Throws Unavailable as `user` does. */
    async logIn(session, user) {
        await this.#ask((redis) => redis.set(`session:${session}`, user));
    }

    /**
     * The user of a session; null if there is none. A connection that breaks is tried once more;
     * after that, or if Redis is late, it is Unavailable.
     */
    user(session) {
        return this.#ask((redis) => redis.get(`session:${session}`));
    }

    async #ask(question) {
        let last;
        for (let attempt = 0; attempt < ATTEMPTS; ++attempt) {
            const redis = new Redis(this.options);
            let broken = null;
            redis.on("error", (error) => (broken = error)); // why the question fails
            try {
                return await question(redis);
            } catch (error) {
                last = broken ?? error;
                if (/timed out/i.test(last.message)) {
                    break; // who is late once is not asked to be late twice
                }
            } finally {
                redis.disconnect();
            }
        }
        throw new Unavailable(last);
    }
}

module.exports = { Sessions, Unavailable };
