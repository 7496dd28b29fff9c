#include "clients/cli/line/numbers.hpp"

#include "proxy/net/number.hpp"

#include <fmt/format.h>

#include <cmath>

namespace aconite::cli {
namespace {

constexpr double exact_limit = 9007199254740992.0;  // 2^53: no fraction is lost below

struct time_unit {
    std::string_view name;
    double microseconds;
};

// A name that ends another one stands behind it.
constexpr time_unit time_units[] = {
    {"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6},
};

template <class Number>
std::optional<Number> read_all(std::string_view text)
{
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    return number_in<Number>(text);
}

std::string bounds_of(number_range const& wanted)
{
    return wanted.maximum == number_range().maximum
               ? fmt::format("of at least {}", wanted.minimum)
               : fmt::format("from {} to {}", wanted.minimum, wanted.maximum);
}

}  // namespace

std::optional<std::int64_t> read_integer(std::string_view text)
{
    return read_all<std::int64_t>(text);
}

std::optional<double> read_decimal(std::string_view text)
{
    auto const value = read_all<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

result<std::int64_t> read_whole(number_range const& wanted, std::string_view text)
{
    auto const value = read_integer(text);
    if (!value || *value < wanted.minimum || *value > wanted.maximum)
        return problem{0,
                       fmt::format("must be a whole number {}, not '{}'", bounds_of(wanted), text)};
    return {boost::system::in_place_value, *value};
}

std::optional<std::int64_t> time_in(std::chrono::microseconds one, std::string_view text)
{
    auto scale = 1.0;
    for (auto const& unit : time_units)
        if (text.ends_with(unit.name)) {
            text.remove_suffix(unit.name.size());
            scale = unit.microseconds / static_cast<double>(one.count());
            break;
        }
    if (scale == 1)
        if (auto const whole = read_integer(text))
            return whole;
    auto const number = read_decimal(text);
    if (!number)
        return std::nullopt;
    auto const count = *number * scale;
    auto const nearest = std::round(count);
    if (std::abs(count) > exact_limit || std::abs(count - nearest) > 1e-6)
        return std::nullopt;
    return static_cast<std::int64_t>(nearest);
}

result<std::int64_t> read_time_ms(number_range const& wanted, std::string_view text)
{
    using namespace std::chrono_literals;
    auto const value = time_in(1ms, text);
    if (!value || *value < wanted.minimum || *value > wanted.maximum)
        return problem{0,
                       fmt::format("must be a time {} ms, such as 500ms, 1.5s, 2m or 1h, not '{}'",
                                   bounds_of(wanted), text)};
    return {boost::system::in_place_value, *value};
}

}  // namespace aconite::cli
