#pragma once

#include <aconite/config.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace aconite {

/// A toxic that acts on operations, put together word by word and then added to a proxy that speaks
/// its protocol:
///
///     proxy.add(aconite::postgres::deadlock().match("query", "^UPDATE orders").once());
///
/// A plain value. Nothing is checked before it is added.
class operation_toxic {
public:
    /// Of this type, with one attribute of it set.
    operation_toxic(std::string_view type, std::string_view attribute, attribute_value value)
    {
        config_.type = type;
        set(attribute, std::move(value));
    }

    /// Sets an attribute of the type.
    operation_toxic& set(std::string_view attribute, attribute_value value)
    {
        config_.attributes.emplace_back(std::string(attribute), std::move(value));
        return *this;
    }
    /// It acts on what the client sends, where it would else act on what the server does.
    operation_toxic& upstream()
    {
        config_.direction = stream::upstream;
        return *this;
    }
    /// It acts only on operations, or connections, where this field of the match fits.
    operation_toxic& match(std::string_view field, attribute_value value)
    {
        config_.aim.match.emplace_back(std::string(field), std::move(value));
        return *this;
    }
    /// Sets a field of its trigger.
    operation_toxic& trigger(std::string_view field, attribute_value value)
    {
        config_.aim.trigger.emplace_back(std::string(field), std::move(value));
        return *this;
    }

    /// It acts on the first operation that fits, and on no other.
    operation_toxic& once() { return times(1); }
    /// It acts so many times, at least 1, and no more.
    operation_toxic& times(std::int64_t count) { return trigger("times", count); }
    /// It acts on every `n`-th operation that fits, at least 1.
    operation_toxic& every(std::int64_t n) { return trigger("every", n); }
    /// So many operations that fit are let off first.
    operation_toxic& after_hits(std::int64_t count) { return trigger("after_hits", count); }
    /// The share of the operations that it acts on, 0 to 1; drawn for each from the seed.
    operation_toxic& rate(double share) { return set("rate", share); }
    /// The operation waits so long, 0 or more, before it goes on to the server.
    operation_toxic& delay(std::chrono::milliseconds time) { return set("delay", time.count()); }
    /// Its name, unique in its proxy.
    operation_toxic& named(std::string_view name)
    {
        config_.name = name;
        return *this;
    }
    /// It is removed after that time, at least 1 ms.
    operation_toxic& ttl(std::chrono::milliseconds time)
    {
        config_.aim.ttl_ms = time.count();
        return *this;
    }

    /// What `scoped_proxy::add` and `control::add_toxic` take.
    // NOLINTNEXTLINE(google-explicit-constructor): that is what it is for
    operator toxic_config() const { return config_; }

private:
    toxic_config config_;
};

}  // namespace aconite
