#pragma once

#include "api/http/http.hpp"
#include "api/http/route_doc.hpp"

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::api {

/// A request on its way through a handler.
struct call {
    request const& http;
    /// What stood for the `{...}` of the pattern, decoded.
    std::vector<std::string> names;
    /// Filled by the handler: members of the body that it did not know.
    ignored_members ignored;
    /// When the request came.
    std::chrono::steady_clock::time_point began;
    /// Set by the handler: its answer is for a client that waits no longer; call it again soon.
    bool again = false;
    /// Set by the handler: what the body goes on with, asked for now and then until the client is
    /// gone; empty: nothing yet.
    std::function<std::string()> more;
};

using handler = std::function<response(call&)>;

/// One endpoint. Without methods: any.
struct route {
    std::vector<http::verb> methods;
    /// Segments that match as they are, or `{name}` for any text but the empty one.
    std::string_view pattern;
    route_doc doc;
    handler handle;
    /// May wait for a name server: not to be called where others would wait with it.
    bool waits = false;
    /// Also for what `comes_from_a_page`, of whatever origin.
    bool for_browsers = false;
};

/// An answer, and what the access log tells beside it.
struct routed {
    response answer;
    /// Empty if no route matched.
    std::string request_id;
    std::string_view handler_name;
    ignored_members ignored;
    bool again = false;                 ///< see `call`
    std::function<std::string()> more;  ///< see `call`
};

/// Where a request goes.
struct way {
    route const* to = nullptr;  ///< null: nowhere, and `refusal` is the answer
    std::vector<std::string> names;
    response refusal;
};

/// Finds the routes of requests. Never changes once made: any thread, if the handlers allow it.
class router {
public:
    explicit router(std::vector<route> routes);

    /// What it answers refers to this router.
    [[nodiscard]] way find(request const& r) const;

private:
    struct entry {
        route to;
        std::vector<std::string> segments;
    };
    std::vector<entry> routes_;
};

/// Calls the handler that `router::find` found for `r`, which came at `began`.
[[nodiscard]] routed follow(way found, request const& r,
                            std::chrono::steady_clock::time_point began);

/// 20 characters that no other request of this process has, nor likely one of another process.
std::string new_request_id();

}  // namespace aconite::api
