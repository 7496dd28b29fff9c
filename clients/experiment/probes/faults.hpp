#pragma once

#include "clients/experiment/values/deadline.hpp"
#include "clients/experiment/values/units.hpp"

#include <aconite/problem.hpp>
#include <aconite/text.hpp>

#include <fmt/format.h>

#include <string_view>

/// The two kinds of problems of a look, told apart by their status.
namespace aconite::experiment {

/// Nobody was there, or whoever was fell silent or broke off.
constexpr int status_absent = 0;
/// Settings make no sense, or the answer is a refusal or not what was asked for.
constexpr int status_wrong = 400;

/// `redis 127.0.0.1:6379: Connection refused`
inline problem absent(std::string_view who, std::string_view why)
{
    return {status_absent, printable(fmt::format("{}: {}", who, why))};
}

inline problem silent(std::string_view who, deadline const& until)
{
    return absent(who, "no answer within " + to_text(nanoseconds(until.limit())));
}

inline problem wrong(std::string_view who, std::string_view why)
{
    return {status_wrong, printable(fmt::format("{}: {}", who, why))};
}

}  // namespace aconite::experiment
