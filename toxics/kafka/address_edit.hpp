#pragma once

#include "toxics/kafka/address_book.hpp"
#include "toxics/kafka/visitor.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::kafka {

/// Addresses that were seen.
struct address_counts {
    std::uint64_t rewritten = 0;  ///< the book had one for it, be it the same
    std::uint64_t outside = 0;    ///< it had none: they are as they came
};

/// Visits a response that is there as far as it is visited, and makes another of it, with addresses
/// from a book and all else byte for byte.
class address_edit final : public visitor {
public:
    /// A book's host may not be longer, and one in a response is not asked for if it is.
    static constexpr std::size_t host_bytes_max = 255;
    /// When more than that is made of a frame, no more is: see `is_too_large`.
    static constexpr std::size_t made_bytes_max = 2U << 20;

    /// `held` has the frame behind its length, at least what was visited. Lengths are written in
    /// the compact way or in two bytes. `book` and `held` must live as long.
    address_edit(std::string const& held, bool compact, bool ends_with_brokers, address_book& book)
        : held_(&held), book_(&book), compact_(compact), ends_with_brokers_(ends_with_brokers)
    {}

    /// What there is of the frame now, up to `copied`.
    [[nodiscard]] std::string const& made() const { return made_; }
    /// So much of what is held stands in what was made; the rest follows it unchanged.
    [[nodiscard]] std::size_t copied() const { return copied_; }
    /// By so many bytes the frame is larger now; below zero, as such a number wraps, smaller.
    [[nodiscard]] std::uint64_t growth() const { return made_.size() - copied_; }
    /// What was made is so much that no more is.
    [[nodiscard]] bool is_too_large() const { return made_.size() > made_bytes_max; }
    /// No address comes any more.
    [[nodiscard]] bool is_complete() const { return complete_; }
    [[nodiscard]] address_counts counts() const { return counts_; }

    bool wants(field const& what) override;
    void on_number(field const& what, place where, std::int64_t value) override;
    void on_text(field const& what, place where, std::optional<std::string_view> text) override;
    void on_array_end(field const& what, std::uint64_t at) override;
    void on_tagged(field const* what, place where, std::uint32_t size) override;
    void on_tagged_end(field const& what, std::uint64_t at) override;

private:
    void on_port(place where, std::int32_t port);
    void replace(place where_port, std::int32_t port, broker_address const& by);
    void put_host(std::string_view host);
    void copy_to(std::uint64_t offset);

    std::string const* held_;
    address_book* book_;
    bool compact_;
    bool ends_with_brokers_;
    bool complete_ = false;
    bool of_controllers_ = false;  ///< the endpoints that follow

    std::string made_;
    std::size_t copied_ = 0;
    std::int32_t node_ = -1;
    std::optional<std::string> host_;  ///< none: too long
    place host_place_;
    std::size_t tag_size_at_ = 0;    ///< in what was made: of the tagged field that is visited
    std::size_t tag_begins_at_ = 0;  ///< behind its size
    std::uint32_t tag_size_ = 0;     ///< as it came
    address_counts counts_;
};

}  // namespace aconite::kafka
