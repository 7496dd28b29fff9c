#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::redis {

/// Reads what a client sends, one command after the other, as its bytes come: an array of texts, or
/// a line. https://redis.io/docs/latest/develop/reference/protocol-spec/#inline-commands
class command_reader {
public:
    /// Of a word no more is kept.
    static constexpr std::size_t word_bytes_max = 512;

    /// Another command is read, of whose words the first so many are kept.
    void restart(std::size_t words_wanted);

    /// Reads up to the end of the command. How many bytes that took: fewer than there are if it is
    /// over, or not what a client sends.
    std::size_t feed(std::string_view bytes);
    /// So many of the bytes that come next need not be seen.
    [[nodiscard]] std::uint64_t unseen() const;
    /// So many bytes are to come of the word that has begun; a server refuses some as soon as it is
    /// told how many.
    [[nodiscard]] std::uint64_t to_come() const { return bulk_left_; }
    void on_unseen(std::uint64_t count) { bulk_left_ -= count; }

    [[nodiscard]] bool is_whole() const { return step_ == step::whole; }
    [[nodiscard]] bool is_bad() const { return step_ == step::bad; }
    /// It has begun.
    [[nodiscard]] bool is_begun() const { return step_ != step::first || !line_.empty(); }
    /// The words that are kept and whole, the first of which is the command's name.
    [[nodiscard]] std::vector<std::string> const& words() const { return words_; }
    /// How many it has; 0: it says nothing, and is not answered.
    [[nodiscard]] std::size_t count() const { return count_; }

private:
    enum class step : std::uint8_t { first, length, bulk, whole, bad };

    void on_line();
    void on_inline(std::string_view line);
    void end_word();
    /// Of the bytes of a word, those before its end of line.
    [[nodiscard]] std::size_t word_left() const { return bulk_left_ > 2 ? bulk_left_ - 2 : 0; }

    std::string line_;
    step step_ = step::first;
    std::size_t count_ = 0;
    std::size_t left_ = 0;  ///< words to come
    std::uint64_t bulk_left_ = 0;
    std::size_t wanted_ = 0;
    std::string word_;
    std::vector<std::string> words_;
};

}  // namespace aconite::redis
