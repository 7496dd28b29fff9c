#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::redis {

/// Reads what a server sends, one value of RESP2 or RESP3 after the other, as its bytes come. Keeps
/// next to nothing of it. https://redis.io/docs/latest/develop/reference/protocol-spec/
class value_reader {
public:
    /// Of a text that is collected no more is kept.
    static constexpr std::size_t text_bytes_max = 512;

    /// Another value is read. The first so many texts and numbers in it are collected, in the order
    /// in which they stand there.
    void restart(std::size_t texts_wanted);

    /// Reads up to the end of the value, but stops before and behind each error in it. How many
    /// bytes that took: fewer than there are if it is over, or not what a server sends, or there.
    std::size_t feed(std::string_view bytes);
    /// So many of the bytes that come next need not be seen.
    [[nodiscard]] std::uint64_t unseen() const;
    void on_unseen(std::uint64_t count) { bulk_left_ -= count; }

    [[nodiscard]] bool is_whole() const { return values_left_ == 0; }
    [[nodiscard]] bool is_bad() const { return bad_; }
    /// What comes next belongs to an error, be it the value or in it.
    [[nodiscard]] bool is_in_error() const { return in_error_; }
    /// What it begins with, as `*` or `>`, attributes passed over; 0: not read yet.
    [[nodiscard]] char type() const { return type_; }
    [[nodiscard]] bool is_error() const { return type_ == '-' || type_ == '!'; }
    /// Of an array, set or push: how many elements it has, of a map twice that; below 0: null.
    [[nodiscard]] std::int64_t elements() const { return elements_; }
    /// In which of them, the n-th, is what comes next; of a map, keys and values count.
    [[nodiscard]] std::uint64_t element() const
    {
        return static_cast<std::uint64_t>(elements_) - elements_left_;
    }
    [[nodiscard]] std::vector<std::string> const& texts() const { return texts_; }

private:
    void on_line();
    void end_value(std::string_view text);
    /// Of the bytes of a text, those before its end of line.
    [[nodiscard]] std::size_t text_left() const { return bulk_left_ > 2 ? bulk_left_ - 2 : 0; }
    void open(std::int64_t elements, bool is_value);

    std::string line_;  ///< a line that is not whole yet
    std::uint64_t values_left_ = 1;
    std::uint64_t elements_left_ = 0;  ///< of the value, with the one that is read
    std::uint64_t bulk_left_ = 0;      ///< bytes of a text, with its end of line
    std::int64_t elements_ = 0;
    std::size_t texts_wanted_ = 0;
    std::vector<std::string> texts_;
    std::string text_;  ///< the one that is collected
    char type_ = 0;
    bool bad_ = false;
    bool in_error_ = false;
};

}  // namespace aconite::redis
