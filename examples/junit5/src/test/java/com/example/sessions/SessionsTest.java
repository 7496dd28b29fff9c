package com.example.sessions;

import static eu.rekawek.toxiproxy.model.ToxicDirection.DOWNSTREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import redis.clients.jedis.HostAndPort;

/** Sessions when Redis is well, slow, cut off and gone. */
class SessionsTest {
    private static final URI API = URI.create(setting("ACONITE_URL", "http://localhost:8474"));
    private static final String REDIS = setting("REDIS_ADDRESS", "localhost:6379");
    private static final String PROXY = "sessions";

    private static final ToxiproxyClient toxiproxy =
        new ToxiproxyClient(API.getHost(), API.getPort());
    private static final Aconite aconite = new Aconite(API);

    private static Proxy proxy;
    private static Sessions sessions;

    private static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }

    private static Sessions at(String address, Duration patience) {
        return new Sessions(HostAndPort.from(address), patience);
    }

    @BeforeAll
    static void createProxy() throws IOException {
        Proxy left = toxiproxy.getProxyOrNull(PROXY);
        if (left != null) { // by a run that was killed
            left.delete();
        }
        proxy = toxiproxy.createProxy(PROXY, "127.0.0.1:0", REDIS); // 0: any free port
        sessions = at(proxy.getListen(), Duration.ofMillis(200));
    }

    @AfterAll
    static void deleteProxy() throws IOException {
        proxy.delete();
    }

    @BeforeEach
    void logIn(TestInfo test) {
        aconite.mark(test.getDisplayName());
        // Not through the proxy: no fault is meant for it.
        at(REDIS, Duration.ofSeconds(10)).logIn("42", "ada");
    }

    @AfterEach
    void reset() throws IOException {
        toxiproxy.reset(); // removes all toxics, enables all proxies
        // Else the next test's fault might meet a connection of this one that is closing.
        aconite.waitForNoConnection(PROXY);
    }

    @Test
    void tellsWhoIsLoggedIn() {
        assertEquals(Optional.of("ada"), sessions.user("42"));
        assertEquals(Optional.empty(), sessions.user("43"));
    }

    @Test
    void doesNotWaitForASlowRedis() throws IOException {
        proxy.toxics().latency("slow", DOWNSTREAM, 2000);
        assertTimeout(Duration.ofMillis(1500), () ->
            assertThrows(Sessions.Unavailable.class, () -> sessions.user("42")));
        aconite.assertActed(PROXY, "slow", 1);
    }

    @Test
    void triesTwiceAndNotMore() throws IOException {
        proxy.toxics().resetPeer("reset", DOWNSTREAM, 0);
        assertThrows(Sessions.Unavailable.class, () -> sessions.user("42"));
        aconite.assertActed(PROXY, "reset", 2);
    }

    @Test
    void theSecondAttemptHelps() {
        aconite.addToxic(PROXY, """
            {"name": "once", "type": "reset_peer", "trigger": {"times": 1}}""");
        assertEquals(Optional.of("ada"), sessions.user("42"));
        aconite.assertActed(PROXY, "once", 1);
    }

    @Test
    void redisGoesAndComesBack() throws IOException {
        proxy.disable();
        assertThrows(Sessions.Unavailable.class, () -> sessions.user("42"));
        proxy.enable();
        assertEquals(Optional.of("ada"), sessions.user("42"));
    }
}
