package com.example.sessions;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Who is logged in: the users of sessions, kept in Redis. Of any thread. */
public final class Sessions {
    private static final int ATTEMPTS = 2;

    private final HostAndPort address;
    private final JedisClientConfig config;

    /** {@code patience} limits each wait for Redis. */
    public Sessions(HostAndPort address, Duration patience) {
        this.address = address;
        this.config = DefaultJedisClientConfig.builder()
            .timeoutMillis(Math.toIntExact(patience.toMillis()))
            .build();
    }

    /** Notes whose session it is. Throws {@link Unavailable} as {@link #user} does. */
    public void logIn(String session, String user) {
        ask(redis -> redis.set(key(session), user));
    }

    /**
     * The user of a session; empty if there is none. A connection that breaks is tried once more;
     * after that, or if Redis is late, it is {@link Unavailable}.
     */
    public Optional<String> user(String session) {
        return Optional.ofNullable(ask(redis -> redis.get(key(session))));
    }

    private static String key(String session) {
        return "session:" + session;
    }

    private <T> T ask(Function<Jedis, T> question) {
        JedisConnectionException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
            try (Jedis redis = new Jedis(address, config)) {
                return question.apply(redis);
            } catch (JedisConnectionException error) {
                last = error;
                if (error.getCause() instanceof SocketTimeoutException) {
                    break; // who is late once is not asked to be late twice
                }
            }
        }
        throw new Unavailable(last);
    }

    /** Redis is late, or cannot be reached. */
    public static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unavailable(Throwable cause) {
            super("nobody knows who is logged in: " + cause.getMessage(), cause);
        }
    }
}
