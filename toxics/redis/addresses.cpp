// What a conversation does about the addresses that a server tells.
#include "toxics/redis/address_text.hpp"
#include "toxics/redis/follower.hpp"
#include "toxics/redis/host_port.hpp"

#include <limits>
#include <utility>

namespace aconite::redis {
namespace {

/// No error that tells an address is as long as that.
constexpr std::size_t redirection_bytes_max = 1024;
constexpr std::size_t told_host_max = 255;

/// The listeners that the connection's proxy has for servers. What is not kept inside is told.
class link_book final : public address_book {
public:
    explicit link_book(conversation_context& link) : link_(&link) {}

    std::optional<server_place> inside(std::string_view host, std::int64_t port) override
    {
        if (port <= 0 || port > std::numeric_limits<std::uint16_t>::max())
            return std::nullopt;  // nobody is there
        server_place there{std::string(host.substr(0, told_host_max)),
                           static_cast<std::uint16_t>(port)};
        std::optional<server_place> place;
        if (host.empty() || host == "?") {
            if (auto here = link_->server())
                there.host = std::move(here->host);
        }
        if (!there.host.empty() && host.size() <= told_host_max)
            place = link_->place_at(there);
        if (place && !place->host.empty() && place->host.size() <= told_host_max)
            return place;
        link_->tell_bypass(there.host.append(":").append(std::to_string(port)));
        return std::nullopt;
    }

private:
    conversation_context* link_;
};

/// Of an error that has begun, what stands behind its sign, or its header.
std::string_view text_of(std::string_view error)
{
    return error.substr(error.starts_with('-') ? 1 : error.find('\n') + 1);
}

/// Of a blob error its header and its end are put anew.
std::string whole_error_inside(std::string_view error, address_book& book)
{
    auto text = text_of(error);
    if (!is_redirection(text))
        return std::string(error);
    text.remove_suffix(2);
    auto const changed = redirection_inside(text, book);
    std::string made = error.starts_with('-') ? "-" : "!" + std::to_string(changed.size()) + "\r\n";
    return made.append(changed).append("\r\n");
}

}  // namespace

/// Whether an error that is there at once goes on among what passes as it came, as most do.
bool follower::stays_in_run(std::string_view error) const
{
    bool const is_whole = error_.empty() && !error_passes_ && !value_.is_in_error();
    return value_fate_ == fate::pass && is_whole && !is_redirection(text_of(error));
}

/// Of an error all is held, if it is no longer than one that tells where else to ask.
void follower::take_error(std::string_view part, conversation_context& link)
{
    bool const is_whole = !value_.is_in_error();
    if (error_passes_) {
        error_passes_ = !is_whole;
        put_error(part, link);
        return;
    }
    error_.append(part);
    bool const is_long = error_.size() > redirection_bytes_max;
    if (!is_whole && !is_long)
        return;
    auto const error = std::exchange(error_, {});
    error_passes_ = !is_whole;
    if (is_long) {
        if (is_redirection(text_of(error)))
            link.tell_bypass("an error that is too long passed as it was");
        put_error(error, link);
        return;
    }
    link_book book(link);
    put_error(whole_error_inside(error, book), link);
}

/// It goes where the value goes that it stands in.
void follower::put_error(std::string_view text, conversation_context& link)
{
    if (value_fate_ == fate::pass)
        link.send(stream::downstream, text);
    else if (value_fate_ == fate::open)
        answer_.append(text);
}

/// What is held of an answer, or of a message, goes on with addresses of the proxy.
void follower::keep_inside(conversation_context& link)
{
    auto what = telling::nothing;
    if (is_push()) {
        auto const& texts = value_.texts();
        bool const is_event = texts.size() > 2 && is_of_sentinel(texts[texts.size() - 2]);
        what = is_event ? telling::event : telling::nothing;
    } else if (!unanswered_.empty()) {
        what = unanswered_.front().tells;
    }
    if (what == telling::nothing || value_.is_error())
        return;
    if (!value_.is_whole()) {
        link.tell_bypass("an answer that is too large passed as it was");
    } else if (value_.type() == '+') {  // its answer comes with that of EXEC
        link.tell_bypass("an answer in a transaction passes as it is");
    } else if (link_book book(link); !put_addresses(what, answer_, book, answer_)) {
        link.tell_bypass("an answer of too many parts passed as it was");
    }
}

/// Where the client is to be told that the node of this connection is.
std::string follower::own_node(conversation_context& link)
{
    auto const here = link.server();
    if (!here)
        return ":0";
    link_book book(link);
    auto const place = book.inside(here->host, here->port);
    return host_port_text{}.written(place ? *place : *here);
}

std::string follower::take_held_answer()
{
    return std::exchange(answer_, {}).append(std::exchange(error_, {}));
}

}  // namespace aconite::redis
