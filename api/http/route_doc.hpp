#pragma once

#include <aconite/attribute.hpp>

#include <span>
#include <string_view>

namespace aconite::api {

/// One way in which a route answers.
struct answer_doc {
    int status = 0;
    std::string_view when;      ///< one line for people
    std::string_view schema{};  ///< of the body, by its name in schemas.cpp; empty: text or nothing
    std::string_view media{};   ///< empty: JSON if there is a schema, else there is no body
};

/// A problem as `error_answer` writes it.
constexpr answer_doc fault(int status, std::string_view when)
{
    return {status, when, "Error", "text/plain"};
}

/// What /openapi.json tells of a route beside its methods and path. A constant next to the handler.
struct route_doc {
    std::string_view name;  ///< its operationId, and what the access log calls it
    std::string_view summary{};
    std::span<attribute const> query{};  ///< parameters behind the `?`; each may be left out
    std::string_view body{};             ///< schema of the request's body; empty: none is read
    /// Up to the first without a status. What every route answers (403 to browsers, 413, 431, 400
    /// to a broken path) goes without saying.
    answer_doc answers[6]{};
};

}  // namespace aconite::api
