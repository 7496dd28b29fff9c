package com.example.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What becomes of an order when the answer to its COMMIT is lost. */
class OrdersTest {
    private static final URI API = URI.create(setting("ACONITE_URL", "http://localhost:8474"));
    private static final String POSTGRES = setting("POSTGRES_ADDRESS", "localhost:5432");
    private static final String PROXY = "orders";

    private static final ToxiproxyClient toxiproxy =
        new ToxiproxyClient(API.getHost(), API.getPort());
    private static final Aconite aconite = new Aconite(API);

    private final Order order =
        new Order(UUID.randomUUID().toString(), "customer " + UUID.randomUUID(), "tea");
    /** Past the proxy: only the service meets the faults. */
    private final DataSource direct = at(POSTGRES);
    private Proxy proxy;

    private static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }

    private static DataSource at(String address) {
        int colon = address.lastIndexOf(':');
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {address.substring(0, colon)});
        source.setPortNumbers(new int[] {Integer.parseInt(address.substring(colon + 1))});
        source.setUser(setting("PGUSER", "postgres"));
        source.setPassword(setting("PGPASSWORD", ""));
        source.setDatabaseName(setting("PGDATABASE", "postgres"));
        source.setSslMode("disable"); // the proxy follows the protocol, which TLS would hide
        return source;
    }

    /** The first COMMIT gets no answer. */
    private static void loseAnswer(String preset) {
        aconite.addToxic(PROXY, """
            {"name": "lost", "type": "postgres", "attributes": {"preset": "%s"},
             "trigger": {"times": 1}}""".formatted(preset));
    }

    /** The ids under which the order is there. */
    private List<Long> placed() throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (Connection connection = direct.getConnection();
                PreparedStatement find = connection.prepareStatement(
                    "SELECT id FROM placed_orders WHERE customer = ? ORDER BY id")) {
            find.setString(1, order.customer());
            for (ResultSet rows = find.executeQuery(); rows.next(); ) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    @BeforeEach
    void createProxy() throws IOException, SQLException {
        try (Connection connection = direct.getConnection()) {
            connection.createStatement().execute(Orders.TABLE);
        }
        Proxy left = toxiproxy.getProxyOrNull(PROXY);
        if (left != null) { // by a run that was killed
            left.delete();
        }
        proxy = toxiproxy.createProxy(PROXY, "127.0.0.1:0", POSTGRES); // 0: any free port
        aconite.followPostgres(PROXY);
    }

    @AfterEach
    void deleteProxy() throws IOException {
        proxy.delete();
    }

    @Test
    void robustOrdersOnceWhenTheCommitSucceeded() throws SQLException {
        loseAnswer("lose_commit_ack");
        long id = new RobustOrders(at(proxy.getListen())).place(order);
        assertEquals(List.of(id), placed());
        aconite.assertActed(PROXY, "lost");
    }

    @Test
    void robustOrdersOnceWhenNothingWasCommitted() throws SQLException {
        loseAnswer("phantom_commit");
        long id = new RobustOrders(at(proxy.getListen())).place(order);
        assertEquals(List.of(id), placed());
        aconite.assertActed(PROXY, "lost");
    }

    @Test
    void naiveOrdersTwiceWhenTheCommitSucceeded() throws SQLException {
        loseAnswer("lose_commit_ack");
        long id = new NaiveOrders(at(proxy.getListen())).place(order);
        assertEquals(2, placed().size());
        assertEquals(id, placed().get(1)); // nobody knows of the first one
        aconite.assertActed(PROXY, "lost");
    }
}
