package com.example.orders;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Places orders in PostgreSQL, each in a transaction. How one is inserted is up to subclasses. */
public abstract class Orders {
    /** The table of the orders. */
    public static final String TABLE = """
        CREATE TABLE IF NOT EXISTS placed_orders (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            idempotency_key text UNIQUE,
            customer text NOT NULL,
            item text NOT NULL
        )""";

    private static final int ATTEMPTS = 3;
    private static final String CONNECTION_EXCEPTION = "08";

    private final DataSource database;

    protected Orders(DataSource database) {
        this.database = database;
    }

    /**
     * The id of the order. When the connection breaks it tries again; what the last attempt throws
     * is thrown: then the order may be placed or not.
     */
    public final long place(Order order) throws SQLException {
        for (int attempt = 1; ; ++attempt) {
            try (Connection connection = database.getConnection()) {
                connection.setAutoCommit(false);
                long id = insert(connection, order);
                connection.commit();
                return id;
            } catch (SQLException error) {
                if (attempt == ATTEMPTS || !connectionBroke(error)) {
                    throw error;
                }
            }
        }
    }

    private static boolean connectionBroke(SQLException error) {
        String state = error.getSQLState();
        return state != null && state.startsWith(CONNECTION_EXCEPTION);
    }

    abstract long insert(Connection connection, Order order) throws SQLException;
}
