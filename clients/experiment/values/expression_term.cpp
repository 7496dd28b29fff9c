#include "clients/experiment/values/expression_term.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

namespace aconite::experiment {
namespace {

problem unknown(std::string text)
{
    return {0, std::move(text)};
}

result<double> number_of(term const& at, meanings const& known)
{
    auto const is = value_of(at, known);
    if (!is)
        return is.error();
    auto const number = as_number(*is);
    if (!number)
        return unknown(fmt::format("{} is no number: {}", explained(at, known), to_text(*is)));
    return {boost::system::in_place_value, *number};
}

/// Numbers that were computed may differ in the last digits.
bool near(double a, double b)
{
    return a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

bool same(value const& a, value const& b)
{
    auto const* list_a = std::get_if<id_list>(&a);
    auto const* list_b = std::get_if<id_list>(&b);
    if (list_a != nullptr && list_b != nullptr)
        return *list_a == *list_b;
    auto const number_a = as_number(a);
    auto const number_b = as_number(b);
    return number_a && number_b ? near(*number_a, *number_b) : to_text(a) == to_text(b);
}

result<value> truth(bool is)
{
    // Made in place: as in probes/prometheus.cpp.
    return {boost::system::in_place_value, is ? 1.0 : 0.0};
}

result<value> combined(binary const& of, meanings const& known)
{
    using enum binary_operator;
    if (of.does == either || of.does == both) {
        auto const left = value_of(*of.left, known);
        if (!left)
            return left;
        if (is_true(*left) == (of.does == either))
            return truth(of.does == either);
        auto const right = value_of(*of.right, known);
        return right ? truth(is_true(*right)) : right;
    }
    if (of.does == equal || of.does == unequal) {
        auto const left = value_of(*of.left, known);
        if (!left)
            return left;
        auto const right = value_of(*of.right, known);
        return right ? truth(same(*left, *right) == (of.does == equal)) : right;
    }
    auto const left = number_of(*of.left, known);
    if (!left)
        return left.error();
    auto const right = number_of(*of.right, known);
    if (!right)
        return right.error();
    switch (of.does) {
    case at_most:
        return truth(*left <= *right || near(*left, *right));
    case at_least:
        return truth(*left >= *right || near(*left, *right));
    case below:
        return truth(*left < *right && !near(*left, *right));
    case above:
        return truth(*left > *right && !near(*left, *right));
    case plus:
        return value(*left + *right);
    case minus:
        return value(*left - *right);
    case times:
        return value(*left * *right);
    default:
        if (*right == 0)
            return unknown("a division by zero");
        return value(*left / *right);
    }
}

double rounded(std::vector<double> const& of)
{
    return std::round(of.front());
}
double absolute(std::vector<double> const& of)
{
    return std::abs(of.front());
}
double least(std::vector<double> const& of)
{
    return std::ranges::min(of);
}
double greatest(std::vector<double> const& of)
{
    return std::ranges::max(of);
}

struct number_function {
    std::string_view name;
    std::size_t arguments_max;
    double (*compute)(std::vector<double> const& of);
};
constexpr number_function number_functions[] = {
    {"abs", 1, absolute}, {"round", 1, rounded}, {"min", 100, least}, {"max", 100, greatest}};

value counted(std::vector<id_list> const& of)
{
    return static_cast<double>(of.front().size());
}

value missing(std::vector<id_list> const& of)
{
    std::set<std::string> const there(of[1].begin(), of[1].end());
    id_list found;
    for (auto const& id : of[0])
        if (!there.contains(id))
            found.push_back(id);
    return found;
}

value duplicates(std::vector<id_list> const& of)
{
    std::set<std::string> seen;
    id_list found;
    for (auto const& id : of.front())
        if (!seen.insert(id).second)
            found.push_back(id);
    return found;
}

/// Numbers by their size, other texts letter by letter.
bool stands_behind(std::string const& a, std::string const& b)
{
    auto const number_a = as_number(value(a));
    auto const number_b = as_number(value(b));
    return number_a && number_b ? *number_a > *number_b : a > b;
}

value unordered(std::vector<id_list> const& of)
{
    id_list found;
    std::string const* greatest_yet = nullptr;
    for (auto const& id : of.front())
        if (greatest_yet != nullptr && stands_behind(*greatest_yet, id))
            found.push_back(id);
        else
            greatest_yet = &id;
    return found;
}

struct list_function {
    std::string_view name;
    std::size_t arguments;
    value (*compute)(std::vector<id_list> const& of);
};
constexpr list_function list_functions[] = {{"count", 1, counted},
                                            {"missing", 2, missing},
                                            {"duplicates", 1, duplicates},
                                            {"unordered", 1, unordered}};

std::string takes_numbers(number_function const& function)
{
    return function.arguments_max == 1
               ? fmt::format("{} takes one number", function.name)
               : fmt::format("{} takes 1 to {} numbers", function.name, function.arguments_max);
}

std::string takes_lists(list_function const& function)
{
    return fmt::format("{} takes {} list{}", function.name, function.arguments,
                       function.arguments == 1 ? "" : "s");
}

result<value> of_numbers(number_function const& function, call const& called, meanings const& known)
{
    if (called.arguments.empty() || called.arguments.size() > function.arguments_max)
        return unknown(takes_numbers(function));
    std::vector<double> numbers;
    for (auto const& each : called.arguments) {
        auto const number = number_of(*each, known);
        if (!number)
            return number.error();
        numbers.push_back(*number);
    }
    return value(function.compute(numbers));
}

result<value> of_lists(list_function const& function, call const& called, meanings const& known)
{
    if (called.arguments.size() != function.arguments)
        return unknown(takes_lists(function));
    std::vector<id_list> lists;
    for (auto const& each : called.arguments) {
        auto const is = value_of(*each, known);
        if (!is)
            return is;
        if (auto const* list = std::get_if<id_list>(&*is))
            lists.push_back(*list);
        else
            lists.push_back(to_text(*is).empty() ? id_list() : id_list{to_text(*is)});
    }
    return function.compute(lists);
}

result<value> called_value(call const& called, meanings const& known)
{
    for (auto const& each : number_functions)
        if (each.name == called.function)
            return of_numbers(each, called, known);
    for (auto const& each : list_functions)
        if (each.name == called.function)
            return of_lists(each, called, known);
    std::vector<argument> arguments;
    for (auto const& each : called.arguments) {
        if (auto const* name = std::get_if<reference>(&each->what)) {
            arguments.push_back({name->name});
            continue;
        }
        auto is = value_of(*each, known);
        if (!is)
            return is;
        arguments.push_back({{}, std::move(*is)});
    }
    return known.of_call(called.function, arguments);
}

constexpr std::array<std::string_view, 12> signs = {
    "or", "and", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/"};

std::string known_text(result<value> const& is)
{
    return is ? to_text(*is) : "?";
}

bool binds_less(term const& inner, binary_operator outer)
{
    auto const* two = std::get_if<binary>(&inner.what);
    return two != nullptr && two->does < outer;
}

}  // namespace

bool is_own_function(std::string_view name)
{
    auto const named = [&](auto const& each) { return each.name == name; };
    return std::ranges::any_of(number_functions, named) ||
           std::ranges::any_of(list_functions, named);
}

std::string fault_of_arguments(call const& called)
{
    auto const count = called.arguments.size();
    for (auto const& each : number_functions)
        if (each.name == called.function && (count == 0 || count > each.arguments_max))
            return takes_numbers(each);
    for (auto const& each : list_functions)
        if (each.name == called.function && count != each.arguments)
            return takes_lists(each);
    return {};
}

result<value> value_of(term const& at, meanings const& known)
{
    if (auto const* fixed = std::get_if<literal>(&at.what))
        return fixed->is;
    if (auto const* name = std::get_if<reference>(&at.what))
        return known.of_name(name->name);
    if (auto const* two = std::get_if<binary>(&at.what))
        return combined(*two, known);
    if (auto const* called = std::get_if<call>(&at.what))
        return called_value(*called, known);
    auto const& minus = std::get<negation>(at.what);
    if (minus.logical) {
        auto const is = value_of(*minus.of, known);
        return is ? truth(!is_true(*is)) : is;
    }
    auto const number = number_of(*minus.of, known);
    if (!number)
        return number.error();
    return value(-*number);
}

std::string explained(term const& at, meanings const& known)
{
    if (auto const* fixed = std::get_if<literal>(&at.what))
        return to_text(fixed->is);
    if (std::holds_alternative<reference>(at.what))
        return known_text(value_of(at, known));
    if (auto const* two = std::get_if<binary>(&at.what)) {
        auto const side = [&](term const& of) {
            auto text = explained(of, known);
            return binds_less(of, two->does) ? "(" + text + ")" : text;
        };
        return fmt::format("{} {} {}", side(*two->left), signs[static_cast<std::size_t>(two->does)],
                           side(*two->right));
    }
    if (auto const* called = std::get_if<call>(&at.what)) {
        if (!is_own_function(called->function))
            return known_text(value_of(at, known));
        std::vector<std::string> arguments;
        for (auto const& each : called->arguments)  // of one within another what it comes to
            arguments.push_back(std::holds_alternative<call>(each->what)
                                    ? known_text(value_of(*each, known))
                                    : explained(*each, known));
        if (called->function == "count")  // `count(2 ids: 4, 9)` says it
            return fmt::format("count({})", fmt::join(arguments, "; "));
        return fmt::format("{}({}) = {}", called->function, fmt::join(arguments, "; "),
                           known_text(value_of(at, known)));
    }
    auto const& minus = std::get<negation>(at.what);
    return (minus.logical ? "not " : "-") + explained(*minus.of, known);
}

}  // namespace aconite::experiment
