#include "toxics/redis/value_reader.hpp"

#include "proxy/net/number.hpp"
#include "toxics/redis/limits.hpp"

#include <algorithm>
#include <utility>

namespace aconite::redis {
namespace {

constexpr std::int64_t elements_max = std::int64_t{1} << 32;
/// No server has so many values in one, whatever they are nested in.
constexpr std::uint64_t values_max = std::uint64_t{1} << 40;

}  // namespace

void value_reader::restart(std::size_t texts_wanted)
{
    line_.clear();
    values_left_ = 1;
    elements_left_ = 0;
    bulk_left_ = 0;
    elements_ = 0;
    texts_wanted_ = texts_wanted;
    texts_.clear();
    text_.clear();
    type_ = 0;
    bad_ = in_error_ = false;
}

std::size_t value_reader::feed(std::string_view bytes)
{
    std::size_t at = 0;
    while (at < bytes.size() && values_left_ > 0 && !bad_) {
        if (!in_error_ && bulk_left_ == 0 && line_.empty() &&
            (bytes[at] == '-' || bytes[at] == '!')) {
            in_error_ = true;
            break;
        }
        if (bulk_left_ > 0) {
            auto const part = bytes.substr(at, bulk_left_);
            if (texts_.size() < texts_wanted_)
                text_.append(part.substr(0, std::min(text_bytes_max - text_.size(), text_left())));
            bulk_left_ -= part.size();
            at += part.size();
            if (bulk_left_ == 0) {
                end_value(text_);
                text_.clear();
            }
            if (bulk_left_ == 0 && std::exchange(in_error_, false))
                break;
            continue;
        }
        auto const end = bytes.find('\n', at);
        auto const part = bytes.substr(at, end == std::string_view::npos ? end : end + 1 - at);
        line_.append(part.substr(0, line_bytes_max - std::min(line_.size(), line_bytes_max)));
        at += part.size();
        if (end != std::string_view::npos) {
            on_line();
            line_.clear();
            if (bulk_left_ == 0 && !bad_ && std::exchange(in_error_, false))
                break;
        }
    }
    return at;
}

std::uint64_t value_reader::unseen() const
{
    bool const collects = texts_.size() < texts_wanted_ && text_.size() < text_bytes_max;
    // Not those behind which something may have to happen.
    return collects || in_error_ || bulk_left_ < 3 ? 0 : bulk_left_ - 2;
}

void value_reader::on_line()
{
    std::string_view text = line_;
    bool const is_cut = text.size() >= line_bytes_max;
    if (!is_cut && !text.ends_with("\r\n")) {
        bad_ = true;
        return;
    }
    auto const type = text.front();
    text = text.substr(1, is_cut ? text.size() - 1 : text.size() - 3);
    bool const is_top = values_left_ == 1 && type_ == 0;
    if (is_top && type != '|')
        type_ = type;
    switch (type) {
    case '+':
    case '-':
    case ':':
    case '_':
    case ',':
    case '#':
    case '(':
        end_value(text);
        return;
    default:
        break;
    }
    auto const count = number_in<std::int64_t>(text);
    if (!count || *count < -1) {
        bad_ = true;
        return;
    }
    if (is_top && type != '|')
        elements_ = *count;
    switch (type) {
    case '$':
    case '=':
    case '!':
        bad_ = *count > bulk_bytes_max;
        if (*count < 0)
            end_value({});
        else
            bulk_left_ = static_cast<std::uint64_t>(*count) + 2;
        break;
    case '*':
    case '~':
    case '>':
        open(*count, true);
        break;
    case '%':
        open(*count * 2, true);
        break;
    case '|':
        open(*count * 2, false);
        break;
    default:
        bad_ = true;
    }
    if (is_top && type_ != 0)
        elements_left_ = values_left_;
}

void value_reader::open(std::int64_t elements, bool is_value)
{
    values_left_ += static_cast<std::uint64_t>(std::max<std::int64_t>(elements, 0));
    values_left_ -= is_value ? 1 : 0;
    elements_left_ = std::min(elements_left_, values_left_);
    bad_ = elements > elements_max || values_left_ > values_max;
}

void value_reader::end_value(std::string_view text)
{
    --values_left_;
    elements_left_ = std::min(elements_left_, values_left_);
    if (texts_.size() < texts_wanted_)
        texts_.emplace_back(text.substr(0, text_bytes_max));
}

}  // namespace aconite::redis
