#pragma once

#include "toxics/postgres/follower.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace aconite::postgres {

/// Bytes of one direction on their way: what passes goes on in pieces as large as can be.
class follower::run {
public:
    /// Stands in `place` as long as it lives.
    run(run*& place, stream on, std::string_view bytes, conversation_context& link)
        : place_(place), on_(on), bytes_(bytes), link_(link)
    {
        place_ = this;
    }
    ~run() { place_ = nullptr; }
    run(run const&) = delete;
    run& operator=(run const&) = delete;

    [[nodiscard]] std::string_view rest() const { return bytes_.substr(at_); }
    [[nodiscard]] std::size_t seen() const { return at_; }

    void pass(std::size_t count) { at_ += count; }
    void drop(std::size_t count)
    {
        flush();
        at_ += count;
        begin_ = at_;
    }
    /// Sends what has passed so far.
    void flush()
    {
        if (begin_ < at_)
            link_.send(on_, bytes_.substr(begin_, at_ - begin_));
        begin_ = at_;
    }

private:
    run*& place_;
    stream on_;
    std::string_view bytes_;
    conversation_context& link_;
    std::size_t begin_ = 0;
    std::size_t at_ = 0;
};

}  // namespace aconite::postgres
