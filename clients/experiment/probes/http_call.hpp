#pragma once

#include "clients/cpp/http.hpp"
#include "clients/experiment/file/settings.hpp"
#include "clients/experiment/values/deadline.hpp"

#include <aconite/problem.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::experiment {

/// A request to any web server; `client::ask` is for servers of the control API.
struct http_call {
    client::url where;
    std::string method = "GET";
    std::string target = "/";  ///< path and query, escaped
    std::string body{};
    std::vector<std::pair<std::string, std::string>> fields{};  ///< of the header, beside its own
    bool verify_certificate = true;
    [[nodiscard]] std::string to_text() const { return client::to_text(where) + target; }
};

/// `http://host:port/path?query` as a request; `https` alike. A fragment is left out. A problem
/// that names the text if it is no such thing.
result<http_call> read_call(std::string_view url);

/// Adds what a mapping `headers` has. A problem that names one that cannot be sent.
result<void> add_fields(http_call& to, json const* headers);

/// The longest answer, in bytes.
constexpr std::size_t http_body_max = 32u << 20;

/// Asks once, over a connection of its own, follows nothing, and has its whole answer in time. A
/// problem that names the server: `status_absent` if nobody answered, or not in full.
result<client::http_answer> call(http_call const& what, deadline const& until);

}  // namespace aconite::experiment
