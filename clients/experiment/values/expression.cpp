#include "clients/experiment/values/expression.hpp"

#include "clients/experiment/values/expression_term.hpp"
#include "clients/experiment/values/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace aconite::experiment {
namespace {

constexpr std::size_t text_bytes_max = 4000;
constexpr int levels_max = 64;

struct parse_failure {
    std::size_t offset;
    std::string text;
};

bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool goes_on_name(char c)
{
    return begins_name(c) || (c >= '0' && c <= '9') || c == '.';
}

/// Operators of two operands, those that bind least first.
struct operation {
    std::string_view sign;
    int strength;
    binary_operator does;
};
// What another one begins with stands behind it.
constexpr operation operations[] = {
    {"or", 1, binary_operator::either},  {"and", 2, binary_operator::both},
    {"==", 3, binary_operator::equal},   {"!=", 3, binary_operator::unequal},
    {"<=", 3, binary_operator::at_most}, {">=", 3, binary_operator::at_least},
    {"<", 3, binary_operator::below},    {">", 3, binary_operator::above},
    {"+", 4, binary_operator::plus},     {"-", 4, binary_operator::minus},
    {"*", 5, binary_operator::times},    {"/", 5, binary_operator::over},
};
/// Operators of other languages, and ours.
constexpr std::pair<std::string_view, std::string_view> foreign_signs[] = {
    {"&&", "and"}, {"||", "or"}, {"=", "=="}, {"<>", "!="}, {"!", "not"}};
constexpr int not_strength = 3;
constexpr int unary_strength = 6;

/// Reads a text by precedence climbing; throws parse_failure.
class expression_parser {
public:
    explicit expression_parser(std::string_view text) : text_(text) {}

    term_pointer all()
    {
        auto root = operand_chain(1);
        skip_blanks();
        if (at_ < text_.size())
            fail_here();
        return root;
    }

private:
    [[noreturn]] void fail(std::string text) const { throw parse_failure{at_, std::move(text)}; }

    [[noreturn]] void fail_here() const
    {
        for (auto const& [sign, ours] : foreign_signs)
            if (text_.substr(at_).starts_with(sign))
                fail(fmt::format("{} is no operator; it is written {}", sign, ours));
        fail(fmt::format("'{}' is not expected here", text_.substr(at_, 10)));
    }

    void skip_blanks()
    {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' ||
                                      text_[at_] == '\n' || text_[at_] == '\r'))
            ++at_;
    }

    bool take(std::string_view sign)
    {
        skip_blanks();
        if (!text_.substr(at_).starts_with(sign))
            return false;
        auto const behind = at_ + sign.size();
        if (begins_name(sign.front()) && behind < text_.size() && goes_on_name(text_[behind]))
            return false;
        at_ = behind;
        return true;
    }

    operation const* take_operation(int strength)
    {
        auto const before = at_;
        for (auto const& each : operations)
            if (take(each.sign)) {
                if (each.strength >= strength)
                    return &each;
                at_ = before;
                return nullptr;
            }
        return nullptr;
    }

    term_pointer operand_chain(int strength)
    {
        if (++level_ > levels_max)
            fail(fmt::format("nested deeper than {} levels", levels_max));
        auto left = operand();
        while (auto const* found = take_operation(strength)) {
            auto right = operand_chain(found->strength + 1);
            left = make_term(binary{found->does, std::move(left), std::move(right)});
        }
        --level_;
        return left;
    }

    term_pointer operand()
    {
        if (take("not"))
            return make_term(negation{true, operand_chain(not_strength)});
        if (take("-"))
            return make_term(negation{false, operand_chain(unary_strength)});
        if (take("(")) {
            auto inside = operand_chain(1);
            if (!take(")"))
                fail("a ) is missing");
            return inside;
        }
        skip_blanks();
        if (at_ == text_.size())
            fail("something is missing at the end");
        char const c = text_[at_];
        if (c == '\'' || c == '"')
            return quoted(c);
        if ((c >= '0' && c <= '9') || c == '.')
            return number();
        if (begins_name(c))
            return name_or_call();
        fail_here();
    }

    term_pointer quoted(char quote)
    {
        auto const end = text_.find(quote, at_ + 1);
        if (end == text_.npos)
            fail("the quote is not closed");
        auto inside = std::string(text_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        return make_term(literal{value(std::move(inside))});
    }

    term_pointer number()
    {
        auto end = at_;
        while (end < text_.size() && (goes_on_name(text_[end]) || text_[end] == '%'))
            ++end;
        auto const written = text_.substr(at_, end - at_);
        std::optional<double> read;
        if (written.ends_with('%'))
            read = read_rate(written.substr(0, written.size() - 1));
        else if (auto const last = written.back(); last >= '0' && last <= '9')
            read = read_rate(written);
        else if (auto const time = read_duration(written))
            read = std::chrono::duration<double>(*time).count();
        if (!read)
            fail(fmt::format("'{}' is no number, share (5%) or time (30s)", written));
        at_ = end;
        return make_term(literal{value(written.ends_with('%') ? *read / 100 : *read)});
    }

    term_pointer name_or_call()
    {
        auto end = at_;
        while (end < text_.size() && goes_on_name(text_[end]))
            ++end;
        auto name = std::string(text_.substr(at_, end - at_));
        at_ = end;
        if (name == "true" || name == "false")
            return make_term(literal{value(name == "true" ? 1.0 : 0.0)});
        if (!take("("))
            return make_term(reference{std::move(name)});
        call made{std::move(name), {}};
        if (!take(")")) {
            do
                made.arguments.push_back(operand_chain(1));
            while (take(","));
            if (!take(")"))
                fail("a ) is missing");
        }
        if (auto fault = fault_of_arguments(made); !fault.empty())
            fail(std::move(fault));
        return make_term(std::move(made));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int level_ = 0;
};

void add_once(std::vector<std::string>& to, std::string const& name)
{
    if (std::ranges::find(to, name) == to.end())
        to.push_back(name);
}

bool always(call const&)
{
    return true;
}

/// Calls `on_name` and `on_call` for all there are below, but for what is in a call that `enters`
/// is false of.
void walk(term const& at, auto const& on_name, auto const& on_call, auto const& enters)
{
    if (auto const* name = std::get_if<reference>(&at.what)) {
        on_name(name->name);
    } else if (auto const* two = std::get_if<binary>(&at.what)) {
        walk(*two->left, on_name, on_call, enters);
        walk(*two->right, on_name, on_call, enters);
    } else if (auto const* one = std::get_if<negation>(&at.what)) {
        walk(*one->of, on_name, on_call, enters);
    } else if (auto const* called = std::get_if<call>(&at.what)) {
        on_call(*called);
        if (enters(*called))
            for (auto const& each : called->arguments)
                walk(*each, on_name, on_call, enters);
    }
}

bool only_true_or_false(term const& at)
{
    if (auto const* two = std::get_if<binary>(&at.what)) {
        if (two->does == binary_operator::either || two->does == binary_operator::both)
            return only_true_or_false(*two->left) && only_true_or_false(*two->right);
        return two->does >= binary_operator::equal && two->does <= binary_operator::above;
    }
    auto const* one = std::get_if<negation>(&at.what);
    return one != nullptr && one->logical && only_true_or_false(*one->of);
}

class nothing_known final : public meanings {
public:
    [[nodiscard]] result<value> of_name(std::string_view name) const override
    {
        return problem{0, std::string(name)};
    }
    [[nodiscard]] result<value> of_call(std::string_view function,
                                        std::vector<argument> const&) const override
    {
        return problem{0, std::string(function)};
    }
};

}  // namespace

std::variant<expression, expression_fault> expression::parse(std::string_view text)
{
    if (text.size() > text_bytes_max)
        return expression_fault{text_bytes_max,
                                fmt::format("longer than {} bytes", text_bytes_max)};
    try {
        return expression(std::string(text), expression_parser(text).all());
    } catch (parse_failure const& failure) {
        return expression_fault{failure.offset, failure.text};
    }
}

result<value> expression::evaluate(meanings const& known) const
{
    return value_of(*root_, known);
}

std::vector<std::string> expression::names() const
{
    std::vector<std::string> found;
    walk(
        *root_, [&](std::string const& name) { add_once(found, name); }, [](call const&) {},
        always);
    return found;
}

std::vector<std::string> expression::functions() const
{
    std::vector<std::string> found;
    walk(
        *root_, [](std::string const&) {},
        [&](call const& called) {
            if (!is_own_function(called.function))
                add_once(found, called.function);
        },
        always);
    return found;
}

std::vector<expression_call> expression::calls() const
{
    std::vector<expression_call> found;
    walk(
        *root_, [](std::string const&) {},
        [&](call const& called) {
            if (is_own_function(called.function))
                return;
            expression_call made{called.function, {}};
            for (auto const& each : called.arguments) {
                auto const* name = std::get_if<reference>(&each->what);
                made.names.push_back(name != nullptr ? name->name : std::string());
            }
            found.push_back(std::move(made));
        },
        always);
    return found;
}

std::vector<std::string> expression::names_outside_calls() const
{
    std::vector<std::string> found;
    walk(
        *root_, [&](std::string const& name) { add_once(found, name); }, [](call const&) {},
        [](call const& called) { return is_own_function(called.function); });
    return found;
}

bool expression::is_condition() const
{
    return only_true_or_false(*root_);
}

std::optional<double> expression::constant() const
{
    if (!names().empty() || !functions().empty())
        return std::nullopt;
    auto const is = evaluate(nothing_known());
    return is ? as_number(*is) : std::nullopt;
}

std::string expression::explain(meanings const& known) const
{
    return explained(*root_, known);
}

}  // namespace aconite::experiment
