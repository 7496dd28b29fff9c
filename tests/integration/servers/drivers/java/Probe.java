import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;

/** What an application sees with pgjdbc: Probe PORT SCENARIO ID QUERY_MODE. */
public final class Probe {
    private boolean connected;
    private String told = "";
    private String sqlstate = "";
    private boolean well;

    public static void main(String[] args) {
        var seen = new Probe();
        var url = "jdbc:postgresql://127.0.0.1:" + args[0] + "/postgres?user=postgres&sslmode=disable"
                + "&gssEncMode=disable&preferQueryMode=" + args[3];
        try (var connection = DriverManager.getConnection(url)) {
            seen.connected = true;
            try {
                work(connection, args[1], Integer.parseInt(args[2]));
                seen.told = "committed";
            } catch (SQLException error) {
                seen.sqlstate = Objects.requireNonNullElse(error.getSQLState(), "");
            }
            seen.well = isWell(connection);
        } catch (SQLException error) {
            if (!seen.connected) {
                seen.sqlstate = Objects.requireNonNullElse(error.getSQLState(), "");
            }
        }
        System.out.printf("{\"connected\":%b,\"told\":\"%s\",\"sqlstate\":\"%s\",\"well\":%b}%n",
                seen.connected, seen.told, seen.sqlstate, seen.well);
    }

    private static void work(Connection connection, String scenario, int id) throws SQLException {
        connection.setAutoCommit(false);
        if (scenario.equals("batch")) {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO notes VALUES (?)")) {
                for (int i = 0; i < 10; ++i) {
                    insert.setInt(1, id + i);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        } else if (scenario.equals("commit")) {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO notes VALUES (?)")) {
                insert.setInt(1, id);
                insert.executeUpdate();
            }
        } else {
            try (PreparedStatement update = connection.prepareStatement("UPDATE stock SET n = n - ?")) {
                update.setInt(1, 1);
                update.executeUpdate();
            }
        }
        connection.commit();
    }

    private static boolean isWell(Connection connection) {
        try {
            connection.rollback();
            try (var select = connection.prepareStatement("SELECT ?::int")) {
                select.setInt(1, 1);
                try (var rows = select.executeQuery()) {
                    return rows.next() && rows.getInt(1) == 1;
                }
            }
        } catch (SQLException gone) {
            return false;
        }
    }

    private Probe() {}
}
