#include "api/http/request_head.hpp"

#include "proxy/net/split.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace aconite::api {
namespace {

namespace http = boost::beast::http;
using boost::beast::iequals;

std::string_view without_return(std::string_view line)
{
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

bool is_control(char c)
{
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
}

std::string_view without_blanks(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

bool is_digits(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// What the fields of a head say about the body.
class framing {
public:
    explicit framing(bool is_1_0) : is_1_0_(is_1_0) {}

    /// The fault of a field on its own.
    http::error take(std::string_view name, std::string_view value)
    {
        if (iequals(name, "Content-Length")) {
            ++lengths_;
            return is_digits(value) ? http::error{} : http::error::bad_content_length;
        }
        if (iequals(name, "Transfer-Encoding")) {
            ++codings_;
            is_chunked_ = iequals(value, "chunked");
        } else if (iequals(name, "Host")) {
            ++hosts_;
        }
        return http::error{};
    }

    /// The fault of all of them together.
    [[nodiscard]] http::error verdict() const
    {
        if (lengths_ + codings_ > 1)
            return http::error::multiple_content_length;
        if (hosts_ > 1)
            return http::error::bad_field;
        if (codings_ > 0 && is_1_0_)
            return http::error::bad_version;
        return codings_ > 0 && !is_chunked_ ? http::error::bad_transfer_encoding : http::error{};
    }

private:
    bool is_1_0_;
    int lengths_ = 0;
    int codings_ = 0;
    int hosts_ = 0;
    bool is_chunked_ = false;
};

http::error fault_of_field(std::string_view line, framing& body)
{
    if (line.front() == ' ' || line.front() == '\t')
        return http::error::bad_obs_fold;
    auto const colon = line.find(':');
    if (colon == line.npos || colon == 0 || line.find_first_of(" \t") < colon)
        return http::error::bad_field;
    return body.take(line.substr(0, colon), without_blanks(line.substr(colon + 1)));
}

}  // namespace

bool can_begin_head(std::string_view bytes)
{
    return bytes.empty() || bytes.front() == '\r' || bytes.front() == '\n' ||
           !is_control(bytes.front());
}

std::size_t head_finder::size_in(std::string_view bytes)
{
    for (;;) {
        auto const end = bytes.find('\n', searched_);
        searched_ = end == bytes.npos ? bytes.size() : end + 1;
        if (end == bytes.npos)
            return 0;
        auto const line = without_return(bytes.substr(line_, end - line_));
        line_ = searched_;
        if (line.empty() && begun_)
            return searched_;
        begun_ = begun_ || !line.empty();
    }
}

checked_head check_head(std::string_view head)
{
    while (head.starts_with('\n') || head.starts_with("\r\n"))
        take_part(head, '\n');
    auto const request_line = without_return(head.substr(0, head.find('\n')));
    framing body(request_line.ends_with("HTTP/1.0"));
    checked_head made;
    made.text.reserve(head.size());
    for (bool first = true; !head.empty(); first = false) {
        auto const line = without_return(take_part(head, '\n'));
        auto fault = http::error{};
        if (std::ranges::any_of(line, is_control))
            fault = http::error::bad_value;
        else if (!first && !line.empty())
            fault = fault_of_field(line, body);
        if (fault != http::error{})
            return {{}, fault};
        made.text.append(line).append("\r\n");
    }
    if (auto const fault = body.verdict(); fault != http::error{})
        return {{}, fault};
    return made;
}

}  // namespace aconite::api
