package com.example.orders;

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

    /** The proxy's connections speak PostgreSQL's protocol, and toxics act on their statements. */
    void followPostgres(String proxy) {
        post("/proxies/" + proxy, """
            {"protocol": "postgres"}""");
    }

    /** Adds a toxic with members that Toxiproxy's client has no words for. */
    void addToxic(String proxy, String toxic) {
        post("/proxies/" + proxy + "/toxics", toxic);
    }

    /** Fails the test unless the toxic acted. */
    void assertActed(String proxy, String toxic) {
        post("/assert", """
            {"proxy": "%s", "toxic": "%s", "hits": {">=": 1}}""".formatted(proxy, toxic));
    }

    private void post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(api.resolve(path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
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
