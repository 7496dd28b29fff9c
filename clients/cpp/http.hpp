#pragma once

#include "clients/cpp/url.hpp"

#include <aconite/problem.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace aconite::client {

struct http_request {
    std::string method;
    std::string target;  ///< path, escaped
    std::string body;    ///< empty for none
    std::string user_agent;
    std::string content_type = "application/json";  ///< of the body
};

struct http_answer {
    unsigned status = 0;
    std::string body;
    std::multimap<std::string, std::string> fields{};  ///< of the header, names in lower case
};

/// How long to wait, and whom to trust.
struct ask_settings {
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds answer{30'000};  ///< from the request to the answer's last byte
    bool verify_certificate = true;            ///< of an https server
};

/// Asks once, over a connection of its own, and waits. Any thread. A problem of status 0 that
/// names the server and the reason if no whole answer came.
result<http_answer> ask(url const& where, http_request const& request, ask_settings const& how);

/// The same for an answer that goes on and on: `on_part` is given what there is of the body of a
/// 2xx answer as it comes, and `how.answer` is the longest silence. Any other answer is returned
/// whole; else, when it is over, a problem of status 0 that says how that came.
result<http_answer> follow(url const& where, http_request const& request, ask_settings const& how,
                           std::function<void(std::string_view)> const& on_part);

}  // namespace aconite::client
