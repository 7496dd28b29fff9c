#pragma once

#include "clients/experiment/values/value.hpp"

#include <aconite/problem.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace aconite::experiment {

struct term;  ///< of the expression's tree

/// What an argument of a function is: a name alone, or what it comes to.
struct argument {
    std::string name;  ///< empty if it is more than a name
    value of{};        ///< set if it is more than a name
};

/// What names and functions stand for, where an expression is evaluated.
class meanings {
public:
    virtual ~meanings() = default;
    /// A problem if there is no such name, or nothing is known of it yet.
    [[nodiscard]] virtual result<value> of_name(std::string_view name) const = 0;
    /// Of a function that is none of the expression's own. Names alone come as such.
    [[nodiscard]] virtual result<value> of_call(std::string_view function,
                                                std::vector<argument> const& arguments) const = 0;

protected:
    meanings() = default;
    meanings(meanings const&) = default;
    meanings& operator=(meanings const&) = default;
};

/// Why a text is no expression.
struct expression_fault {
    std::size_t offset = 0;  ///< of the byte where it goes wrong, from 0
    std::string text;
};

/// A function that is called, and the names that are its arguments; an argument that is more than
/// a name is empty here.
struct expression_call {
    std::string function;
    std::vector<std::string> names;
};

/// `db.orders - kafka.order_created == 0`: numbers (`0.5`, `95%`, `30s`, in seconds), texts in
/// quotes, names (letters, digits, `_` and `.`), `+ - * / ( )`, `== != < <= > >=`, `and or not`,
/// and functions: abs, min, max, round; of lists count, missing(a, b): those of a that are not in
/// b, duplicates(a), unordered(a): those that stand behind a greater one; what else is called is
/// up to the meanings. A value: copy it freely.
class expression {
public:
    /// Of at most 4,000 bytes and 64 levels.
    static std::variant<expression, expression_fault> parse(std::string_view text);

    [[nodiscard]] result<value> evaluate(meanings const& known) const;
    /// All names in it, arguments of functions among them, each once.
    [[nodiscard]] std::vector<std::string> names() const;
    /// All functions that are not its own, each once.
    [[nodiscard]] std::vector<std::string> functions() const;
    /// All calls of functions that are not its own.
    [[nodiscard]] std::vector<expression_call> calls() const;
    /// Names that are not an argument of such a call, each once.
    [[nodiscard]] std::vector<std::string> names_outside_calls() const;
    /// Whether it can only be true or false: it compares, or `and`, `or` and `not` of such.
    [[nodiscard]] bool is_condition() const;
    /// What it comes to whatever is known; none if that is needed, or it is no number.
    [[nodiscard]] std::optional<double> constant() const;
    /// With each name replaced by what it is: `100 - 99 == 0`, for people.
    [[nodiscard]] std::string explain(meanings const& known) const;
    [[nodiscard]] std::string const& text() const { return text_; }

private:
    expression(std::string text, std::shared_ptr<term const> root)
        : text_(std::move(text)), root_(std::move(root))
    {}

    std::string text_;
    std::shared_ptr<term const> root_;
};

}  // namespace aconite::experiment
