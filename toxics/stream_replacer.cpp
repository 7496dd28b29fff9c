#include "toxics/stream_replacer.hpp"

#include <algorithm>
#include <array>

namespace aconite::toxics {
namespace {

constexpr auto npos = std::string_view::npos;

/// How much of a match's beginning is known to be possible or not.
constexpr int prefix_max = 64;

/// At least so much is searched at once.
constexpr std::size_t block_min = 4096;

re2::RE2::Options over_bytes()
{
    re2::RE2::Options options(re2::RE2::Latin1);
    options.set_log_errors(false);
    return options;
}

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}

}  // namespace

substitution::substitution(std::string_view pattern, std::string_view replacement)
    : pattern_(piece(pattern), over_bytes()), replacement_(replacement)
{
    bounded_ = pattern_.ok() && pattern_.PossibleMatchRange(&least_, &most_, prefix_max);
    // `$` and `\b` look at what is behind.
    one_text_ = bounded_ && least_ == most_ && least_.size() < prefix_max &&
                pattern.find_first_of("$\\") == npos;
}

result<void> substitution::check() const
{
    static constexpr std::string_view of_pattern = "bad request body: attribute 'pattern' must be ";
    if (!pattern_.ok())
        return problem{400, std::string(of_pattern) +
                                "a regular expression (RE2, over bytes): " + pattern_.error()};
    if (!empty() && re2::RE2::PartialMatch("", pattern_))
        return problem{400, std::string(of_pattern) + "one that does not fit an empty text"};
    std::string why;
    if (!pattern_.CheckRewriteString(piece(replacement_), &why))
        return problem{400, "bad request body: attribute 'replacement' must name groups of the "
                            "pattern only: " +
                                why};
    return {};
}

std::size_t substitution::find(std::string_view text, std::size_t begin, std::size_t end,
                               std::size_t& match_end) const
{
    re2::StringPiece match;
    if (!pattern_.Match(piece(text), begin, end, re2::RE2::UNANCHORED, &match, 1))
        return npos;
    auto const at = static_cast<std::size_t>(match.data() - text.data());
    match_end = at + match.size();
    return at;
}

std::size_t substitution::end_of(std::string_view text, std::size_t begin, std::size_t end) const
{
    re2::StringPiece match;
    if (!pattern_.Match(piece(text), begin, end, re2::RE2::ANCHOR_START, &match, 1))
        return npos;
    return begin + match.size();
}

void substitution::append_replacement(std::string& out, std::string_view text, std::size_t begin,
                                      std::size_t end) const
{
    std::array<re2::StringPiece, 10> groups;
    auto const count = std::min(10, pattern_.NumberOfCapturingGroups() + 1);
    if (pattern_.Match(piece(text), begin, end, re2::RE2::ANCHOR_START, groups.data(), count))
        pattern_.Rewrite(&out, piece(replacement_), groups.data(), count);
}

bool substitution::may_begin(std::string_view rest) const
{
    return !bounded_ || (rest >= std::string_view(least_).substr(0, rest.size()) && rest <= most_);
}

/// Where, from `at` on, the first match may begin that ends behind `size`; else `size`.
std::size_t stream_replacer::first_open(substitution const& by, std::size_t at,
                                        std::size_t size) const
{
    auto first = std::max(at, size - std::min(size, window_ - 1));
    while (first < size && !by.may_begin(std::string_view(text_).substr(first, size - first)))
        ++first;
    return first;
}

/// Behind what is known stands one byte more while the stream goes on: `$` does not fit there.
std::string stream_replacer::decide(substitution const& by, until how,
                                    std::function<bool()> const& replace)
{
    auto const size = text_.size();
    if (how != until::end)
        text_.push_back('\0');
    std::string_view const text = text_;
    auto const block = std::max(4 * window_, block_min);
    std::string out;
    auto at = begin_;
    auto copied = begin_;
    auto keep = size;  // from here on undecided
    while (at < size && !by.empty()) {
        auto const block_end = std::min(size, at + block);
        std::size_t match_end = 0;
        auto const found = by.find(text, at, block_end, match_end);
        if (found == npos && block_end < size) {
            at = std::max(at + 1, block_end - window_);
            continue;
        }
        if (found != npos && block_end < size && found + window_ > block_end) {
            at = found;  // what is behind the block may belong to it
            continue;
        }
        if (found != npos && match_end - found > window_)
            match_end = by.end_of(text, found, found + window_);
        if (found != npos && (match_end == npos || match_end == found)) {
            at = found + 1;
            continue;
        }
        bool const may_grow = match_end == size && match_end - found < window_ && !by.is_one_text();
        if (found == npos || (may_grow && how == until::known)) {
            keep = how == until::known ? first_open(by, at, size) : size;
            break;
        }
        if (replace()) {
            out.append(text, copied, found - copied);
            by.append_replacement(out, text, found, match_end);
            copied = match_end;
        }
        at = match_end;
    }
    out.append(text, copied, keep - copied);
    auto const before = std::min<std::size_t>(1, keep);
    text_.resize(size);
    text_.erase(0, keep - before);
    begin_ = before;
    return out;
}

}  // namespace aconite::toxics
