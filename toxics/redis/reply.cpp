#include "toxics/redis/reply.hpp"

#include "proxy/net/number.hpp"

#include <algorithm>

namespace aconite::redis {
namespace {

constexpr std::size_t depth_max = 16;
constexpr std::size_t values_max = 1 << 16;
/// Before a verbatim text stands its kind, as `txt:`.
constexpr std::size_t kind_bytes = 4;

/// Reads one value after the other.
class reply_reader {
public:
    explicit reply_reader(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] bool is_over() const { return at_ == bytes_.size(); }

    bool read(reply& into, std::size_t depth)
    {
        if (depth > depth_max || ++values_ > values_max)
            return false;
        into.begin = at_;
        std::string_view line;
        if (!take_line(line))
            return false;
        into.type = line.front();
        into.text = line.substr(1);
        switch (into.type) {
        case '+':
        case '-':
        case ':':
        case '_':
        case ',':
        case '#':
        case '(':
            into.is_null = into.type == '_';
            into.end = at_;
            return true;
        default:
            return read_counted(into, depth);
        }
    }

private:
    /// Without its end.
    bool take_line(std::string_view& line)
    {
        auto const end = bytes_.find('\n', at_);
        if (end == std::string_view::npos || end < at_ + 2 || bytes_[end - 1] != '\r')
            return false;
        line = bytes_.substr(at_, end - 1 - at_);
        at_ = end + 1;
        return true;
    }

    bool read_counted(reply& into, std::size_t depth)
    {
        auto const count = number_in<std::int64_t>(into.text);
        if (!count || *count < -1)
            return false;
        into.text = {};
        into.is_null = *count < 0;
        auto const size = static_cast<std::size_t>(std::max<std::int64_t>(*count, 0));
        bool good = false;
        switch (into.type) {
        case '$':
        case '=':
        case '!':
            good = into.is_null || read_bulk(into, size);
            break;
        case '*':
        case '~':
        case '>':
            good = read_parts(into, size, depth);
            break;
        case '%':
            good = size <= values_max && read_parts(into, size * 2, depth);
            break;
        case '|':
            return read_behind_attributes(into, size, depth);
        default:
            break;
        }
        into.end = at_;
        return good;
    }

    bool read_bulk(reply& into, std::size_t size)
    {
        auto const left = bytes_.size() - at_;
        if (size > left || left - size < 2 || bytes_.substr(at_ + size, 2) != "\r\n")
            return false;
        auto const kind = into.type == '=' ? std::min(size, kind_bytes) : 0;
        into.text = bytes_.substr(at_ + kind, size - kind);
        at_ += size + 2;
        return true;
    }

    bool read_parts(reply& into, std::size_t count, std::size_t depth)
    {
        if (count > values_max)
            return false;
        for (std::size_t i = 0; i < count; ++i)
            if (!read(into.parts.emplace_back(), depth + 1))
                return false;
        return true;
    }

    bool read_behind_attributes(reply& into, std::size_t count, std::size_t depth)
    {
        reply passed_over;
        if (count > values_max || !read_parts(passed_over, count * 2, depth))
            return false;
        into = {};
        return read(into, depth + 1);
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    std::size_t values_ = 0;
};

}  // namespace

std::int64_t reply::number() const
{
    return number_in<std::int64_t>(text).value_or(-1);
}

reply const* reply::find(std::string_view name) const
{
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2)
        if (parts[i].text == name)
            return &parts[i + 1];
    return nullptr;
}

std::optional<reply> read_reply(std::string_view bytes)
{
    reply_reader reader(bytes);
    reply made;
    if (!reader.read(made, 0) || !reader.is_over())
        return std::nullopt;
    return made;
}

void reply_edit::set(reply const& what, std::string_view text)
{
    if (what.text == text && !what.is_null)
        return;
    std::string by;
    if (what.type == '$' || what.is_null) {
        by.append("$").append(std::to_string(text.size())).append("\r\n").append(text);
    } else if (what.type == '+' || (what.type == ':' && number_in<std::int64_t>(text))) {
        by.append(1, what.type).append(text);
    } else if (what.type == '=') {
        auto const kind = bytes_.substr(bytes_.find('\n', what.begin) + 1, kind_bytes);
        by.append("=").append(std::to_string(text.size() + kind_bytes)).append("\r\n");
        by.append(kind).append(text);
    } else {
        return;
    }
    changes_.push_back({what.begin, what.end, by.append("\r\n")});
}

std::string reply_edit::made()
{
    std::ranges::sort(changes_, {}, &change::begin);
    std::string all;
    std::size_t copied = 0;
    for (auto const& each : changes_) {
        all.append(bytes_, copied, each.begin - copied).append(each.by);
        copied = each.end;
    }
    return all.append(bytes_.substr(copied));
}

}  // namespace aconite::redis
