// Who connects, and what for: what comes before the messages that have a type.
#include "toxics/postgres/follower.hpp"
#include "toxics/postgres/frames.hpp"

#include <utility>

namespace aconite::postgres {
namespace {

// The codes of messages without a type: protocol-message-formats.html.
constexpr std::uint32_t cancel_request = 80'877'102;
constexpr std::uint32_t ssl_request = 80'877'103;
constexpr std::uint32_t gss_request = 80'877'104;
/// The server takes none that is longer.
constexpr std::uint32_t startup_bytes_max = 10'000;
constexpr char tls_handshake = 0x16;
constexpr std::size_t setting_max = 256;

bool is_true(std::string_view replication)
{
    return !replication.empty() && replication != "false" && replication != "off" &&
           replication != "no" && replication != "0";
}

}  // namespace

/// The first message, or the one behind an answer to a request for encryption.
follower::verdict follower::on_first(std::string_view bytes, std::uint64_t& size,
                                     conversation_context& link)
{
    if (bytes.front() == tls_handshake) {
        give_up("encrypted: TLS from the first byte", link);
        return verdict::pass;
    }
    if (bytes.size() < 8)
        return verdict::more;
    auto const length = number_at(bytes, 0);
    auto const code = number_at(bytes, 4);
    if (length < 8 || length > startup_bytes_max) {
        give_up("not a client of PostgreSQL", link);
        return verdict::pass;
    }
    size = length;
    if (code == ssl_request || code == gss_request) {
        stage_ = stage::encryption;
        return verdict::pass;
    }
    if (code != cancel_request && code >> 16 != 3) {
        give_up("protocol version " + std::to_string(code >> 16) + "." +
                    std::to_string(code & 0xFFFF),
                link);
        return verdict::pass;
    }
    if (bytes.size() < length)
        return verdict::more;
    if (code == cancel_request) {
        auto const key = bytes.substr(8, length - 8);
        if (auto who = keys_->find(key)) {
            user_ = std::move(who->user);
            database_ = std::move(who->database);
            application_name_ = std::move(who->application_name);
        }
        return ask_for(statement(), "cancel", {}, link);
    }
    return on_startup(bytes.substr(8, length - 8), link);
}

follower::verdict follower::on_startup(std::string_view body, conversation_context& link)
{
    bool whole = true;
    while (whole && !body.empty() && body.front() != '\0') {
        auto const name = take_text(body, whole);
        auto const value = take_text(body, whole).substr(0, setting_max);
        if (name == "user")
            user_ = value;
        else if (name == "database")
            database_ = value;
        else if (name == "application_name")
            application_name_ = value;
        else if (name == "replication" && is_true(value)) {
            give_up("replication", link);
            return verdict::pass;
        }
    }
    if (database_.empty())
        database_ = user_;
    auto const what = ask_for(statement(), "startup", asked::kind::startup, link);
    if (what != verdict::hold)
        stage_ = stage::startup;
    return what;
}

}  // namespace aconite::postgres
