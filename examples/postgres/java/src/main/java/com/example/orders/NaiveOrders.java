package com.example.orders;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Takes an error for a transaction that was rolled back. It may be committed as well. */
public final class NaiveOrders extends Orders {
    public NaiveOrders(DataSource database) {
        super(database);
    }

    @Override
    long insert(Connection connection, Order order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO placed_orders (customer, item) VALUES (?, ?) RETURNING id")) {
            insert.setString(1, order.customer());
            insert.setString(2, order.item());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
