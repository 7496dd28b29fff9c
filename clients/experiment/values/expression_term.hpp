#pragma once

#include "clients/experiment/values/expression.hpp"

/// The tree of an expression, and what it comes to.
namespace aconite::experiment {

using term_pointer = std::shared_ptr<term const>;

enum class binary_operator {
    either,
    both,
    equal,
    unequal,
    at_most,
    at_least,
    below,
    above,
    plus,
    minus,
    times,
    over,
};

struct literal {
    value is;
};
struct reference {
    std::string name;
};
struct binary {
    binary_operator does;
    term_pointer left;
    term_pointer right;
};
struct negation {
    bool logical;  ///< `not`; else a minus sign
    term_pointer of;
};
struct call {
    std::string function;
    std::vector<term_pointer> arguments;
};

struct term {
    std::variant<literal, reference, binary, negation, call> what;
};

template <class Node>
term_pointer make_term(Node node)
{
    return std::make_shared<term const>(term{std::move(node)});
}

[[nodiscard]] bool is_own_function(std::string_view name);
/// Why it takes no such number of arguments; empty if it does, or is none of its own.
[[nodiscard]] std::string fault_of_arguments(call const& called);
[[nodiscard]] result<value> value_of(term const& at, meanings const& known);
/// As written, but with values in place of names and of functions that are not its own.
[[nodiscard]] std::string explained(term const& at, meanings const& known);

}  // namespace aconite::experiment
