package com.example.orders;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Another attempt finds the order of the one before, by its key. */
public final class RobustOrders extends Orders {
    public RobustOrders(DataSource database) {
        super(database);
    }

    @Override
    long insert(Connection connection, Order order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO placed_orders (idempotency_key, customer, item) VALUES (?, ?, ?)
                ON CONFLICT (idempotency_key) DO NOTHING""")) {
            insert.setString(1, order.idempotencyKey());
            insert.setString(2, order.customer());
            insert.setString(3, order.item());
            insert.executeUpdate();
        }
        try (PreparedStatement find = connection.prepareStatement(
                "SELECT id FROM placed_orders WHERE idempotency_key = ?")) {
            find.setString(1, order.idempotencyKey());
            try (ResultSet row = find.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
