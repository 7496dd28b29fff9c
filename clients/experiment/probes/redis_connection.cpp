#include "clients/experiment/probes/redis_connection.hpp"

#include "clients/experiment/probes/faults.hpp"
#include "proxy/net/number.hpp"

#include <hiredis/hiredis.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace aconite::experiment {
namespace {

constexpr std::size_t members_max = 100'000;
constexpr std::size_t reply_max = 16u << 20;

/// hiredis makes room for as many members as a server announces.
template <class Count>
void* make_bounded_array(redisReadTask const* task, Count count);

using array_maker = decltype(redisReplyObjectFunctions::createArray);

array_maker& plain_array_maker()
{
    static array_maker made = nullptr;
    return made;
}

template <class Count>
void* make_bounded_array(redisReadTask const* task, Count count)
{
    if (static_cast<std::uint64_t>(count) > members_max)
        return nullptr;
    return plain_array_maker()(task, count);
}

redisReplyObjectFunctions* bounded_functions(redisReplyObjectFunctions const& plain)
{
    static redisReplyObjectFunctions const made = [&] {
        plain_array_maker() = plain.createArray;
        auto changed = plain;
        changed.createArray = make_bounded_array;
        return changed;
    }();
    return const_cast<redisReplyObjectFunctions*>(&made);
}

std::string encode(std::vector<std::string> const& words)
{
    auto out = fmt::format("*{}\r\n", words.size());
    for (auto const& each : words)
        out += fmt::format("${}\r\n{}\r\n", each.size(), each);
    return out;
}

std::string id_of(redisReply const& reply)
{
    if (reply.type == REDIS_REPLY_INTEGER)
        return std::to_string(reply.integer);
    if (reply.type == REDIS_REPLY_ARRAY)
        return reply.elements > 0 ? id_of(*reply.element[0]) : std::string();
    return reply.str != nullptr ? std::string(reply.str, reply.len) : std::string();
}

value value_of(redisReply const& reply)
{
    if (reply.type == REDIS_REPLY_INTEGER)
        return static_cast<double>(reply.integer);
    if (reply.type != REDIS_REPLY_ARRAY)
        return id_of(reply);
    id_list ids;
    for (std::size_t i = 0; i < reply.elements; ++i)
        ids.push_back(id_of(*reply.element[i]));
    return ids;
}

/// With `%40` read as `@`; none if an escape is not whole.
std::optional<std::string> unescaped(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    auto const digit = [&](char c) {
        return digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size())
            return std::nullopt;
        auto const high = digit(text[i + 1]);
        auto const low = digit(text[i + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

}  // namespace

result<redis_address> read_redis_address(std::string_view text)
{
    constexpr std::string_view scheme = "redis://";
    redis_address made;
    auto rest = text;
    if (rest.starts_with(scheme)) {
        rest.remove_prefix(scheme.size());
        if (auto const slash = rest.find('/'); slash != std::string_view::npos) {
            made.database = rest.substr(slash + 1);
            rest = rest.substr(0, slash);
        }
        if (auto const at = rest.rfind('@'); at != std::string_view::npos) {
            auto const login = rest.substr(0, at);
            auto const colon = std::min(login.find(':'), login.size());
            auto user = unescaped(login.substr(0, colon));
            auto password = unescaped(login.substr(std::min(colon + 1, login.size())));
            if (!user || !password)
                return wrong("server", "an escape in user or password is not two digits (%40)");
            made.user = std::move(*user);
            made.password = std::move(*password);
            rest.remove_prefix(at + 1);
        }
        if (!made.database.empty() && !number_in<std::uint16_t>(made.database))
            return wrong("server", "the database '" + made.database + "' is not a number");
    } else if (auto const other = rest.find("://"); other != std::string_view::npos) {
        return wrong("server", "only redis:// is spoken");
    }
    auto where = read_host_port(rest, "6379");
    if (!where)
        return where.error();
    made.where = std::move(*where);
    return made;
}

void redis_connection::free_reply::operator()(redisReply* reply) const
{
    freeReplyObject(reply);
}

void redis_connection::free_reader::operator()(redisReader* reader) const
{
    redisReaderFree(reader);
}

redis_connection::redis_connection(redis_address where)
    : where_(std::move(where)), who_("redis " + to_text(where_.where))
{}

redis_connection::~redis_connection() = default;

void redis_connection::close()
{
    socket_.reset();
    reader_.reset();
}

bool redis_connection::is_stale() const
{
    // Nothing was asked: what there is to read is an end, or what nobody waits for.
    pollfd one{socket_.get(), POLLIN, 0};
    return ::poll(&one, 1, 0) != 0;
}

result<void> redis_connection::connect(deadline const& until)
{
    auto connection = dial(where_.where, until);
    if (!connection)
        return connection.error();
    socket_ = std::move(*connection);
    reader_.reset(redisReaderCreate());
    if (reader_ == nullptr)
        return absent(who_, "out of memory");
    reader_->fn = bounded_functions(*reader_->fn);
    std::vector<std::vector<std::string>> first;
    if (!where_.password.empty() || !where_.user.empty()) {
        first.push_back({"AUTH"});
        if (!where_.user.empty())
            first.back().push_back(where_.user);
        first.back().push_back(where_.password);
    }
    if (!where_.database.empty())
        first.push_back({"SELECT", where_.database});
    for (auto const& words : first) {
        auto const reply = exchange(words, until);
        if (!reply)
            return reply.error();
        if ((*reply)->type == REDIS_REPLY_ERROR)
            return wrong(who_, words[0] + ": " + id_of(**reply));
    }
    return {};
}

result<void> redis_connection::send(std::string_view bytes, deadline const& until)
{
    while (!bytes.empty()) {
        auto const sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno == EAGAIN) {
            if (!wait_for(socket_.get(), POLLOUT, until))
                return silent(who_, until);
        } else if (errno != EINTR)
            return absent(who_, std::generic_category().message(errno));
    }
    return {};
}

result<redis_connection::reply_handle> redis_connection::receive(deadline const& until)
{
    std::size_t received = 0;
    char part[16384];
    while (true) {
        void* reply = nullptr;
        if (redisReaderGetReply(reader_.get(), &reply) != REDIS_OK)
            return wrong(who_, std::string("what came is no answer of Redis, or has over 100,000 "
                                           "members: ") +
                                   reader_->errstr);
        if (reply != nullptr)
            return reply_handle(static_cast<redisReply*>(reply));
        // Asked before each read: who sends a little again and again does not get more time.
        if (until.passed() || !wait_for(socket_.get(), POLLIN, until))
            return silent(who_, until);
        auto const size = ::recv(socket_.get(), part, sizeof part, 0);
        if (size == 0)
            return absent(who_, "the connection was closed without a whole answer");
        if (size < 0) {
            if (errno == EINTR || errno == EAGAIN)
                continue;
            return absent(who_, std::generic_category().message(errno));
        }
        received += static_cast<std::size_t>(size);
        if (received > reply_max)
            return wrong(who_, fmt::format("the answer is over {} MiB", reply_max >> 20));
        redisReaderFeed(reader_.get(), part, static_cast<std::size_t>(size));
    }
}

result<redis_connection::reply_handle>
redis_connection::exchange(std::vector<std::string> const& words, deadline const& until)
{
    if (auto const sent = send(encode(words), until); !sent)
        return sent.error();
    return receive(until);
}

result<value> redis_connection::ask(std::vector<std::string> const& words, deadline const& until)
{
    if (socket_ && is_stale())
        close();
    bool const kept = static_cast<bool>(socket_);
    auto reply = [&]() -> result<reply_handle> {
        if (!kept)
            if (auto const connected = connect(until); !connected)
                return connected.error();
        return exchange(words, until);
    }();
    if (!reply) {
        close();
        // A kept connection may have broken long before: its server may be there again.
        if (kept && reply.error().status == status_absent && !until.passed())
            return ask(words, until);
        return reply.error();
    }
    if ((*reply)->type == REDIS_REPLY_ERROR)
        return wrong(who_, id_of(**reply));
    return value_of(**reply);
}

}  // namespace aconite::experiment
