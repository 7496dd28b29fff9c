#pragma once

#include "clients/cpp/url.hpp"

#include <aconite/problem.hpp>

#include <chrono>
#include <string>

namespace aconite::client {

struct http_request {
    std::string method;
    std::string target;  ///< path, escaped
    std::string body;    ///< JSON, or empty for none
    std::string user_agent;
};

struct http_answer {
    unsigned status = 0;
    std::string body;
};

struct time_limits {
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds answer{30'000};  ///< from the request to the answer's last byte
};

/// Asks once, over a connection of its own, and waits. Any thread. A problem of status 0 that
/// names the server and the reason if no whole answer came.
result<http_answer> ask(url const& where, http_request const& request, time_limits const& limits);

}  // namespace aconite::client
