#pragma once

#include <aconite/problem.hpp>
#include <aconite/toxic.hpp>

#include <re2/re2.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace aconite::toxics {

/// A regular expression over bytes and what takes the place of its matches: an immutable value that
/// all connections of a toxic share.
class substitution final : public toxic_common {
public:
    /// `pattern` in RE2's syntax; each byte is a character. `replacement` may name groups: `\1`.
    substitution(std::string_view pattern, std::string_view replacement);

    /// 400 that names the attribute: the pattern fits an empty text, or the replacement names a
    /// group that it does not have.
    [[nodiscard]] result<void> check() const;

    /// Whether there is a pattern.
    [[nodiscard]] bool empty() const { return pattern_.pattern().empty(); }
    /// The leftmost match within [begin, end) of `text`, what is around it being seen; none: npos.
    [[nodiscard]] std::size_t find(std::string_view text, std::size_t begin, std::size_t end,
                                   std::size_t& match_end) const;
    /// The end of the match that begins at `begin` and ends by `end`; none: npos.
    [[nodiscard]] std::size_t end_of(std::string_view text, std::size_t begin,
                                     std::size_t end) const;
    /// Appends what takes the place of the match [begin, end).
    void append_replacement(std::string& out, std::string_view text, std::size_t begin,
                            std::size_t end) const;
    /// Whether a match may begin with `rest`, which ends where no more is known.
    [[nodiscard]] bool may_begin(std::string_view rest) const;
    /// Whether all matches are one text, whatever is around them: none can grow.
    [[nodiscard]] bool is_one_text() const { return one_text_; }

private:
    re2::RE2 pattern_;
    std::string replacement_;
    bool one_text_ = false;
    bool bounded_ = false;  ///< `least_` and `most_` are known
    std::string least_;     ///< no match is less
    std::string most_;      ///< nor greater
};

/// Replaces matches of up to `window` bytes in a stream, however its bytes are cut. A match is
/// taken as soon as it cannot grow, or there is a byte behind it.
class stream_replacer {
public:
    /// At most so many bytes are looked at for one match.
    explicit stream_replacer(std::size_t window) : window_(window) {}

    /// What is undecided of `other`, which is not used any more, is first here.
    void take_over(stream_replacer const& other)
    {
        text_ = other.text_;
        begin_ = other.begin_;
    }
    /// Bytes came. Nothing is decided yet.
    void add(std::string_view bytes) { text_.append(bytes); }

    /// How much has to be decided.
    enum class until {
        known,  ///< what no later byte can change
        all,    ///< everything, though more may come
        end,    ///< everything; nothing comes
    };
    /// What may go on. `replace` is asked about each match whether it is to be replaced.
    std::string decide(substitution const& by, until how, std::function<bool()> const& replace);

    /// So many bytes wait for what comes.
    [[nodiscard]] std::size_t held_bytes() const { return text_.size() - begin_; }

private:
    [[nodiscard]] std::size_t first_open(substitution const& by, std::size_t at,
                                         std::size_t size) const;

    std::size_t window_;
    std::string text_;       ///< the byte before, if there was one, and what is undecided
    std::size_t begin_ = 0;  ///< where the undecided begins
};

}  // namespace aconite::toxics
