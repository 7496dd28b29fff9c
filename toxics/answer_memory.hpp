#pragma once

#include <aconite/time.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace aconite::toxics {

/// The answers that a server gave, for clients that are to live in the past. Answers to different
/// requests are kept apart. Any thread.
class answer_memory {
public:
    /// More is not kept: the oldest goes, whatever it answered.
    static constexpr std::size_t bytes_max = 4 << 20;
    static constexpr std::size_t answers_max = 10'000;

    /// The first so many bytes of an answer differ whatever it says.
    explicit answer_memory(std::size_t own_bytes = 0) : own_bytes_(own_bytes) {}

    /// A whole answer to a request that is known by `key`. One like the last one is kept once.
    void note(std::string_view key, std::string_view answer, time_point now);

    /// What was answered at that time, or the first thing since; empty: nothing is known.
    [[nodiscard]] std::string at(std::string_view key, time_point when) const;

private:
    struct known {
        time_point since{};
        std::string answer;
    };
    [[nodiscard]] bool says_the_same(std::string_view a, std::string_view b) const;
    void forget_oldest();

    std::size_t const own_bytes_;
    mutable std::mutex lock_;
    std::map<std::string, std::deque<known>, std::less<>> answers_;
    std::deque<decltype(answers_)::iterator> oldest_;  ///< whose first goes next, and so on
    std::size_t bytes_ = 0;
};

}  // namespace aconite::toxics
