#include "toxics/redis/command_reader.hpp"

#include "proxy/net/number.hpp"
#include "toxics/redis/limits.hpp"

#include <algorithm>
#include <utility>

namespace aconite::redis {
namespace {

constexpr std::int64_t count_max = std::int64_t{1} << 31;

}  // namespace

void command_reader::restart(std::size_t words_wanted)
{
    line_.clear();
    step_ = step::first;
    count_ = left_ = 0;
    bulk_left_ = 0;
    wanted_ = words_wanted;
    word_.clear();
    words_.clear();
}

std::size_t command_reader::feed(std::string_view bytes)
{
    std::size_t at = 0;
    while (at < bytes.size() && step_ < step::whole) {
        if (step_ == step::bulk) {
            auto const part = bytes.substr(at, bulk_left_);
            if (words_.size() < wanted_)
                word_.append(part.substr(0, std::min(word_bytes_max - word_.size(), word_left())));
            bulk_left_ -= part.size();
            at += part.size();
            if (bulk_left_ == 0)
                end_word();
            continue;
        }
        auto const end = bytes.find('\n', at);
        auto const part = bytes.substr(at, end == std::string_view::npos ? end : end + 1 - at);
        if (line_.size() + part.size() > line_bytes_max) {
            step_ = step::bad;  // servers take no longer one
            break;
        }
        line_.append(part);
        at += part.size();
        if (end != std::string_view::npos) {
            on_line();
            line_.clear();
        }
    }
    return at;
}

std::uint64_t command_reader::unseen() const
{
    bool const keeps = words_.size() < wanted_ && word_.size() < word_bytes_max;
    return step_ != step::bulk || keeps || bulk_left_ < 3 ? 0 : bulk_left_ - 2;
}

void command_reader::on_line()
{
    std::string_view line = line_;
    line.remove_suffix(line.ends_with("\r\n") ? 2 : 1);
    bool const is_first = step_ == step::first;
    if (is_first && !line.starts_with('*')) {
        on_inline(line);
        return;
    }
    auto const number = number_in<std::int64_t>(line.substr(std::min<std::size_t>(line.size(), 1)));
    auto const most = std::int64_t{is_first ? count_max : bulk_bytes_max};
    if (!number || *number > most || (!is_first && (*number < 0 || !line.starts_with('$')))) {
        step_ = step::bad;
    } else if (is_first) {
        count_ = left_ = static_cast<std::size_t>(std::max<std::int64_t>(*number, 0));
        step_ = left_ == 0 ? step::whole : step::length;
    } else {
        bulk_left_ = static_cast<std::uint64_t>(*number) + 2;
        step_ = step::bulk;
    }
}

/// Words are parted by blanks; a text in quotes is one word. What escapes say is not looked at.
void command_reader::on_inline(std::string_view line)
{
    constexpr std::string_view blanks = " \t\r\v\f";
    while (true) {
        line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
        if (line.empty())
            break;
        auto const quote = line.front();
        bool const quoted = quote == '"' || quote == '\'';
        line.remove_prefix(quoted ? 1 : 0);
        auto end = quoted ? line.find(quote) : line.find_first_of(blanks);
        end = std::min(end, line.size());
        ++count_;
        if (words_.size() < wanted_)
            words_.emplace_back(line.substr(0, std::min(end, word_bytes_max)));
        line.remove_prefix(std::min(end + (quoted ? 1 : 0), line.size()));
    }
    step_ = step::whole;
}

void command_reader::end_word()
{
    if (words_.size() < wanted_) {
        words_.push_back(word_);
        word_.clear();
    }
    step_ = --left_ == 0 ? step::whole : step::length;
}

}  // namespace aconite::redis
