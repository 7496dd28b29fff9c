#pragma once

#include "clients/cpp/url.hpp"
#include "clients/experiment/file/settings.hpp"
#include "clients/experiment/load/request_text.hpp"

#include <aconite/problem.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aconite::experiment {

/// What a load asks an HTTP server, and what it takes for a good answer. A value.
struct http_plan {
    struct step {
        bool head = false;   ///< a HEAD: its answer has no body
        request_text start;  ///< method, path, fields; all but the body's length
        request_text body;
        bool sends_body = false;
    };

    client::url where{};        ///< without a path
    std::vector<step> steps{};  ///< request n is number n modulo their count
    std::vector<std::pair<unsigned, unsigned>> expected{};  ///< statuses from, to
    [[nodiscard]] bool expects(unsigned status) const;
};

/// Reads `url`, `method`, `headers`, `body`, `requests`, `expect_status`. A problem names the
/// field.
result<http_plan> read_http_plan(settings const& how);

}  // namespace aconite::experiment
