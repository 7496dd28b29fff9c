#pragma once

#include <aconite/time.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace aconite::kafka {

/// The answers that brokers gave to Metadata, for clients that are to live in the past. Answers to
/// different requests are kept apart. Any thread.
class metadata_memory {
public:
    /// More is not kept: the oldest goes, whatever it answered.
    static constexpr std::size_t bytes_max = 4 << 20;
    static constexpr std::size_t answers_max = 1000;

    /// A whole answer to a request that is known by `key`. One like the last one is kept once.
    void note(std::string_view key, std::string_view answer, time_point now);

    /// What was answered at that time, or the first thing since; empty: nothing is known.
    [[nodiscard]] std::string at(std::string_view key, time_point when) const;

private:
    struct known {
        time_point since{};
        std::string answer;
    };
    void forget_oldest();

    mutable std::mutex lock_;
    std::map<std::string, std::deque<known>, std::less<>> answers_;
    std::size_t bytes_ = 0;
    std::size_t count_ = 0;
};

}  // namespace aconite::kafka
