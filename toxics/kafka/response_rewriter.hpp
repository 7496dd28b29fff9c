#pragma once

#include "toxics/kafka/address_book.hpp"
#include "toxics/kafka/address_edit.hpp"
#include "toxics/kafka/carriers.hpp"
#include "toxics/kafka/endpoint_hider.hpp"
#include "toxics/kafka/walker.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::kafka {

/// Takes bytes that go on, in order. They are valid during the call.
using byte_sink = std::function<void(std::string_view)>;

/// What became of the addresses in one response.
struct rewrite_counts {
    std::uint64_t rewritten = 0;  ///< addresses that the book had one for, be it the same
    std::uint64_t outside = 0;    ///< addresses that it had none for: they are as they came
    std::uint64_t hidden = 0;     ///< 1: endpoints that the client no longer sees
    std::uint64_t bypassed = 0;   ///< 1: the frame is as it came, whatever addresses are in it
};

/// Passes one response on with addresses from a book in place of those that its brokers told, and
/// all else byte for byte. Is given the frame in pieces of any size, and holds it back until no
/// address can come any more: of Metadata and DescribeCluster up to the end of the brokers, of
/// others to the end, and of none more than `carrier::hold_bytes_max`.
///
/// Of a response that is larger and has endpoints (Produce, Fetch, ShareFetch, ShareAcknowledge)
/// nothing is held: the endpoints are hidden in place. Another one that is larger passes as it is,
/// and so does one that is not what it should be.
class response_rewriter {
public:
    /// The answer to a request of this kind and version, of `frame_size` bytes behind the four of
    /// its length, which tells of at least the four of its correlation id. One that carries no
    /// addresses passes. No more than `hold_bytes_max` is held, if that is less than
    /// `carrier::hold_bytes_max`. `book` must live as long.
    response_rewriter(std::int16_t api_key, std::int16_t version, std::uint32_t frame_size,
                      address_book& book, std::uint32_t hold_bytes_max = UINT32_MAX);
    response_rewriter(response_rewriter const&) = delete;
    response_rewriter& operator=(response_rewriter const&) = delete;

    /// The next bytes of the frame, from behind its length on, and none behind its end. What goes
    /// on begins with a length.
    void feed(std::string_view bytes, byte_sink const& out);

    /// So many of the next bytes need not be seen: they may pass behind what went on.
    [[nodiscard]] std::uint64_t unseen() const;
    /// So many of them, at most that, have passed.
    void on_unseen(std::uint64_t count);

    /// No more of it comes: what is held goes on as it came.
    void cut_off(byte_sink const& out);

    /// All of the frame came, and went on.
    [[nodiscard]] bool finished() const { return seen_ == size_; }
    /// So many bytes are held back.
    [[nodiscard]] std::size_t held_bytes() const { return held_.size(); }
    /// Why the frame passed as it was (`bypassed`); empty: it did not, so far.
    [[nodiscard]] std::string_view error() const { return error_; }
    [[nodiscard]] rewrite_counts const& counts() const { return counts_; }

private:
    enum class mode : std::uint8_t { hold, hide, pass };

    std::string_view hold(std::string_view bytes, byte_sink const& out);
    void hide(std::string_view bytes, byte_sink const& out);
    void look_for_end();
    void let_go(byte_sink const& out);
    void give_up(std::string_view why);
    void put_length(std::uint64_t size, byte_sink const& out);

    mode mode_ = mode::pass;
    std::uint64_t size_;
    std::uint64_t seen_ = 0;
    bool begun_ = false;  ///< the length went on
    std::size_t hold_bytes_max_ = 0;
    std::string held_;
    std::optional<address_edit> edit_;
    std::optional<endpoint_hider> hider_;
    std::optional<walker> walker_;
    std::string_view error_;
    rewrite_counts counts_;
};

}  // namespace aconite::kafka
