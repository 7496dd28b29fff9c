#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace aconite {

/// Why a control call was refused. A value: copy it freely, any thread.
struct problem {
    /// The HTTP status that the REST API answers with (400, 404, 409, 500).
    int status = 500;
    /// What was wrong, naming the field and the bound; Toxiproxy's own text where it has one.
    std::string text;

    /// Whether status and text are equal.
    friend bool operator==(problem const&, problem const&) = default;
};

/// Either a value or the problem that prevented it. `value()` on a problem throws
/// std::runtime_error with the problem's text.
template <class T>
using result = boost::system::result<T, problem>;

/// What `result<T>::value` throws: found by Boost.System through the type of the error.
[[noreturn]] inline void throw_exception_from_error(problem const& p, boost::source_location const&)
{
    throw std::runtime_error(p.text);
}

}  // namespace aconite
