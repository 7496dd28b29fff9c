#include "orders/cache.hpp"

#include <sys/time.h>

namespace shop {

cache::cache(std::string const& address, std::chrono::milliseconds limit)
    : address_(address), limit_(limit)
{}

void cache::put(std::string const& id, std::string const& content)
{
    ask("SET order:%b %b EX 3600", id.data(), id.size(), content.data(), content.size());
}

std::optional<std::string> cache::get(std::string const& id)
{
    auto const found = ask("GET order:%b", id.data(), id.size());
    if (!found || found->type != REDIS_REPLY_STRING)
        return std::nullopt;
    return std::string(found->str, found->len);
}

template <class... Values>
cache::answer cache::ask(char const* command, Values... values)
{
    answer got{nullptr, freeReplyObject};
    if (connect())
        got.reset(static_cast<redisReply*>(redisCommand(connection_.get(), command, values...)));
    if (!got)
        connection_.reset();  // an answer that comes late must not be taken for the next one
    return got;
}

bool cache::connect()
{
    if (connection_)
        return true;
    auto const colon = address_.rfind(':');
    timeval const limit{.tv_sec = limit_.count() / 1000, .tv_usec = limit_.count() % 1000 * 1000};
    connection_.reset(redisConnectWithTimeout(address_.substr(0, colon).c_str(),
                                              std::stoi(address_.substr(colon + 1)), limit));
    return connection_ && connection_->err == 0 &&
           redisSetTimeout(connection_.get(), limit) == REDIS_OK;
}

}  // namespace shop
