#pragma once

#include "api/json/json_text.hpp"
#include "api/json/object_reader.hpp"

#include <aconite/problem.hpp>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>
#include <string_view>

namespace aconite::api {

namespace http = boost::beast::http;
using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

/// JSON as the reference answers a success: no newline at the end.
response json_answer(http::status status, json const& body);
/// An error as the reference writes it: JSON and a newline, called plain text.
response error_answer(problem const& p);
response text_answer(http::status status, std::string_view text);
/// A status and nothing else.
response empty_answer(http::status status);
/// 204, or the error.
response done_answer(result<void> const& done);

/// Names the members of the body that were ignored in the header `Aconite-Warning`.
void warn_of(response& answer, ignored_members const& ignored);

}  // namespace aconite::api
