#pragma once

#include "toxics/kafka/response_rewriter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::test {

/// A book that a function is.
class test_book final : public kafka::address_book {
public:
    using answer =
        std::function<std::optional<kafka::broker_address>(std::string_view, std::int32_t)>;

    explicit test_book(answer by) : by_(std::move(by)) {}

    std::vector<std::string> asked;  ///< node, host and port

    std::optional<kafka::broker_address> inside(std::int32_t node_id, std::string_view host,
                                                std::int32_t port) override
    {
        asked.push_back(std::to_string(node_id) + " " + std::string(host) + ":" +
                        std::to_string(port));
        return by_(host, port);
    }

private:
    answer by_;
};

/// Answers what it is asked.
inline std::optional<kafka::broker_address> same(std::string_view host, std::int32_t port)
{
    return kafka::broker_address{std::string(host), static_cast<std::uint16_t>(port)};
}

/// What became of a frame.
struct passed_frame {
    std::string bytes;  ///< with its length
    std::string error;
    kafka::rewrite_counts counts;
    std::size_t held_max = 0;
    std::uint64_t unseen = 0;
    bool finished = false;
};

/// Passes a frame, without its length, through a rewriter, in pieces of `step` bytes but for what
/// need not be seen.
inline passed_frame pass_frame(std::string_view frame, std::int16_t api_key, std::int16_t version,
                               kafka::address_book& book, std::size_t step = SIZE_MAX,
                               std::uint32_t hold_bytes_max = UINT32_MAX)
{
    passed_frame made;
    kafka::response_rewriter rewriter(api_key, version, static_cast<std::uint32_t>(frame.size()),
                                      book, hold_bytes_max);
    auto const out = [&](std::string_view bytes) { made.bytes += bytes; };
    while (!frame.empty()) {
        auto const unseen = static_cast<std::size_t>(rewriter.unseen());
        auto const some = frame.substr(0, unseen > 0 ? unseen : step);
        frame.remove_prefix(some.size());
        if (unseen > 0) {
            made.bytes += some;
            made.unseen += some.size();
            rewriter.on_unseen(some.size());
        } else
            rewriter.feed(some, out);
        made.held_max = std::max(made.held_max, rewriter.held_bytes());
    }
    made.error = rewriter.error();
    made.counts = rewriter.counts();
    made.finished = rewriter.finished();
    return made;
}

/// A frame with its length before it.
inline std::string with_length(std::string_view frame)
{
    std::string made;
    kafka::put_number(made, frame.size(), 4);
    return made.append(frame);
}

}  // namespace aconite::test
