#pragma once

#include <aconite/problem.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::api {

/// One part of a query: `name=value`, decoded. A comparison, `hits>=1`, has its sign in `name` or,
/// without `=`, all of it.
struct query_part {
    std::string name;
    std::string value;
};

/// The parts of the target's query, in order. 400 if an escape is broken.
result<std::vector<query_part>> query_of(std::string_view target);

/// A whole number from `minimum` to `maximum`; 400 that names the parameter and the bounds.
result<std::uint64_t> whole_number(query_part const& part, std::uint64_t minimum,
                                   std::uint64_t maximum);

/// "10s", "250ms", "2m" or a number of milliseconds, an hour at most; 400 that names it.
result<std::int64_t> milliseconds_in(query_part const& part);

/// 400: there is no such parameter; `known` names those that there are.
problem unknown_parameter(query_part const& part, std::string_view known);

}  // namespace aconite::api
