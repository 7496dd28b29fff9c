#pragma once

#include <hiredis/hiredis.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace shop {

/// Orders in Redis, each for an hour. A Redis that is slow or gone is no error: then there is no
/// cache. Connects when it has to. Used by one thread at a time.
class cache {
public:
    /// `address` is "host:port"; `limit` is for connecting and for each answer.
    cache(std::string const& address, std::chrono::milliseconds limit);

    void put(std::string const& id, std::string const& content);
    std::optional<std::string> get(std::string const& id);

private:
    using answer = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

    /// A command as printf has them; null: no answer in time.
    template <class... Values>
    answer ask(char const* command, Values... values);
    bool connect();

    std::string address_;
    std::chrono::milliseconds limit_;
    std::unique_ptr<redisContext, decltype(&redisFree)> connection_{nullptr, redisFree};
};

}  // namespace shop
