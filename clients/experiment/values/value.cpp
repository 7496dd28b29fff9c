#include "clients/experiment/values/value.hpp"

#include "proxy/net/number.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace aconite::experiment {
namespace {

constexpr std::size_t shown_ids = 5;

template <class... Handlers>
struct overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
overloaded(Handlers...) -> overloaded<Handlers...>;

}  // namespace

std::optional<double> as_number(value const& from)
{
    return std::visit(
        overloaded{
            [](double number) { return std::optional(number); },
            [](std::string const& text) { return number_in<double>(text); },
            [](id_list const& ids) { return std::optional(static_cast<double>(ids.size())); },
        },
        from);
}

bool is_true(value const& from)
{
    return std::visit(overloaded{
                          [](double number) { return number != 0 && !std::isnan(number); },
                          [](std::string const& text) {
                              return !text.empty() && text != "false" && text != "f" && text != "0";
                          },
                          [](id_list const& ids) { return !ids.empty(); },
                      },
                      from);
}

std::string to_text(value const& from)
{
    return std::visit(
        overloaded{
            [](double number) {
                bool const whole = std::abs(number) < 1e15 && number == std::trunc(number);
                return whole ? fmt::format("{:.0f}", number) : fmt::format("{:.4g}", number);
            },
            [](std::string const& text) {
                return text.size() > 200 ? printable(text.substr(0, 200)) + "..." : printable(text);
            },
            [](id_list const& ids) {
                std::span const shown(ids.data(), std::min(ids.size(), shown_ids));
                return ids.empty() ? std::string("none")
                                   : printable(fmt::format("{} ids: {}{}", ids.size(),
                                                           fmt::join(shown, ", "),
                                                           ids.size() > shown_ids ? ", ..." : ""));
            },
        },
        from);
}

}  // namespace aconite::experiment
