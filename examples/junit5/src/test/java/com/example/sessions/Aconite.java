package com.example.sessions;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What aconite has beyond Toxiproxy's client: each is one request with a body of JSON. */
final class Aconite {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI api;

    /** {@code api} is where the server listens: http://HOST:PORT. */
    Aconite(URI api) {
        this.api = api;
    }

    /** Fails the test unless the toxic acted on exactly so many connections. */
    void assertActed(String proxy, String toxic, int connections) {
        post("/assert", """
            {"proxy": "%s", "toxic": "%s", "connections": {"==": %d}}"""
            .formatted(proxy, toxic, connections));
    }

    /** Adds a toxic with members that Toxiproxy's client has no words for: match, trigger, ttl. */
    void addToxic(String proxy, String toxic) {
        post("/proxies/" + proxy + "/toxics", toxic);
    }

    /** Waits until all connections through the proxy are closed; fails the test after 10 s. */
    void waitForNoConnection(String proxy) {
        send(request("/wait?proxy=" + proxy + "&open=0").GET());
    }

    /** Writes a text into the journal. It must have no quotes in it. */
    void mark(String text) {
        post("/marks", "{\"text\": \"%s\"}".formatted(text));
    }

    private void post(String path, String body) {
        send(request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path)).timeout(PATIENCE);
    }

    private void send(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                fail(request.uri() + ": " + answer.body());
            }
        } catch (IOException error) {
            fail("no answer from " + api, error);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            fail("interrupted while waiting for " + api, stopped);
        }
    }
}
