package com.example.orders;

/**
 * What somebody wants. The key is made together with the order, and the same in each attempt to
 * place it.
 */
public record Order(String idempotencyKey, String customer, String item) {}
