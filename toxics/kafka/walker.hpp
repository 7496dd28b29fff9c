#pragma once

#include "toxics/kafka/layout.hpp"
#include "toxics/kafka/number.hpp"
#include "toxics/kafka/visitor.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace aconite::kafka {

/// Reads one frame as its bytes come, in pieces of any size, and tells a visitor what is in it.
/// Keeps no more than a number or a text that is not whole yet. Each byte is looked at once, and
/// nothing that a frame says makes it allocate or repeat more than the frame has bytes.
class walker {
public:
    /// A longer text is not collected.
    static constexpr std::size_t text_bytes_max = 512;

    /// A frame of `size` bytes behind those of its length. `who` is called during `feed` and
    /// `on_unseen` and must live as long.
    walker(frame_layout const& layout, std::uint32_t size, visitor& who);

    /// The next bytes of the frame. What is more than the frame, or comes after an error, is
    /// ignored.
    void feed(std::string_view bytes);

    /// So many of the next bytes need not be seen.
    [[nodiscard]] std::uint64_t unseen() const { return step_ == step::pass ? left_ : 0; }
    /// So many of them, at most that, went by.
    void on_unseen(std::uint64_t count);

    /// The whole frame was read, and was what it had to be.
    [[nodiscard]] bool finished() const { return step_ == step::finished; }
    /// What is wrong with the frame; empty: nothing so far. It is not read any further.
    [[nodiscard]] std::string_view error() const { return error_; }
    /// How many bytes were read.
    [[nodiscard]] std::uint64_t position() const { return position_; }

private:
    /// What the next bytes are taken for.
    enum class step : std::uint8_t { decide, number, text, pass, finished, failed };
    /// What a number is.
    enum class goal : std::uint8_t { value, presence, length, count, tag_count, tag, tag_size };

    /// A structure that was entered, or the message.
    struct level {
        field const* what = nullptr;  ///< null: the message
        std::span<field const> rows;
        std::size_t next = 0;        ///< of the rows
        std::uint32_t elements = 0;  ///< of its array that follow
        std::uint64_t end = 0;       ///< its bytes reach no further
        bool in_tags = false;
        std::uint32_t tags = 0;            ///< that follow
        field const* tag_field = nullptr;  ///< the tagged field that is being read
        std::uint64_t tag_end = 0;         ///< and where it ends
    };
    /// Deeper than any message is; generate.py checks it.
    static constexpr std::size_t depth_max = 8;

    void settle();
    void decide();
    void take(std::string_view& bytes);
    void take_number(std::string_view& bytes);

    void begin_message(message const& what, std::int16_t version);
    void begin_field(field const& what);
    void begin_value();
    void enter(std::uint32_t elements);
    void end_structure();
    void end_message();
    void end_value();
    void end_field();

    void on_number();
    void on_length();
    void on_count();
    void on_tag();
    void on_tag_size();

    void expect(goal what, std::size_t bytes);
    void collect(std::uint64_t bytes);
    void pass(std::uint64_t bytes);
    void fail(std::string_view why);

    [[nodiscard]] bool is_over() const { return step_ >= step::finished; }
    [[nodiscard]] bool is_here(field const& what) const;
    [[nodiscard]] bool is_tagged(field const& what) const;
    [[nodiscard]] bool is_compact() const;
    [[nodiscard]] bool may_be_null() const { return current_->nullable.contains(version_); }
    [[nodiscard]] std::uint64_t room() const;
    /// Where what is read began.
    [[nodiscard]] place here() const { return {begin_, position_}; }
    level& top() { return levels_[depth_ - 1]; }
    [[nodiscard]] level const& top() const { return levels_[depth_ - 1]; }

    frame_layout layout_;
    std::uint64_t size_;
    visitor* visitor_;

    step step_ = step::decide;
    goal goal_ = goal::value;
    std::uint64_t position_ = 0;
    std::uint64_t begin_ = 0;  ///< of what is read
    std::uint64_t left_ = 0;   ///< bytes of a text, or to be passed over
    incoming_number number_;
    std::string text_;
    std::string_view error_;

    message const* message_ = nullptr;
    std::int16_t version_ = 0;
    bool flexible_ = false;
    field const* current_ = nullptr;  ///< the field that is read; its structure is the top level
    bool wanted_ = false;
    std::uint32_t items_ = 0;           ///< of an array without structures, that follow
    field const* tag_field_ = nullptr;  ///< whose size is read; null: not known
    std::array<level, depth_max> levels_{};
    std::size_t depth_ = 0;
};

}  // namespace aconite::kafka
