#include <aconite/scoped_proxy.hpp>

#include "embedding/poll.hpp"

#include <charconv>
#include <utility>

namespace aconite {
namespace {

toxic_config config_of(stream direction, std::string_view type, attribute_list attributes,
                       toxic_aim aim)
{
    toxic_config config;
    config.type = type;
    config.direction = direction;
    config.attributes = std::move(attributes);
    config.aim = std::move(aim);
    return config;
}

}  // namespace

scoped_proxy::scoped_proxy(control& where, proxy_config config) : where_(&where)
{
    auto info = where.create(std::move(config)).value();
    name_ = std::move(info.name);
    address_ = std::move(info.listen);
}

scoped_proxy::scoped_proxy(control& where, std::string_view name, std::string_view upstream,
                           std::string_view protocol)
    : scoped_proxy(where, {.name = std::string(name),
                           .listen = "127.0.0.1:0",
                           .upstream = std::string(upstream),
                           .toxics = {},
                           .protocol = std::string(protocol)})
{}

scoped_proxy::~scoped_proxy()
{
    if (where_ != nullptr)
        static_cast<void>(where_->remove(name_));
}

scoped_proxy::scoped_proxy(scoped_proxy&& other) noexcept
    : where_(std::exchange(other.where_, nullptr)),
      name_(std::move(other.name_)),
      address_(std::move(other.address_))
{}

scoped_proxy& scoped_proxy::operator=(scoped_proxy&& other) noexcept
{
    scoped_proxy old(std::move(other));
    std::swap(where_, old.where_);
    name_.swap(old.name_);
    address_.swap(old.address_);
    return *this;
}

std::string scoped_proxy::host() const
{
    auto const host = address_.substr(0, address_.rfind(':'));
    return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

std::uint16_t scoped_proxy::port() const
{
    std::uint16_t port = 0;
    std::from_chars(address_.data() + address_.rfind(':') + 1, address_.data() + address_.size(),
                    port);
    return port;
}

scoped_toxic scoped_proxy::add(toxic_config config)
{
    return {*where_, name_, std::move(config)};
}

scoped_toxic scoped_proxy::upstream(std::string_view type, attribute_list attributes, toxic_aim aim)
{
    return add(config_of(stream::upstream, type, std::move(attributes), std::move(aim)));
}

scoped_toxic scoped_proxy::downstream(std::string_view type, attribute_list attributes,
                                      toxic_aim aim)
{
    return add(config_of(stream::downstream, type, std::move(attributes), std::move(aim)));
}

scoped_outage scoped_proxy::down()
{
    return scoped_outage(*this);
}

proxy_stats scoped_proxy::stats() const
{
    return where_->stats(name_).value();
}

bool scoped_proxy::wait_until(std::function<bool(proxy_stats const&)> const& fit,
                              std::chrono::milliseconds timeout) const
{
    return poll([&] { return fit(stats()); }, timeout);
}

void scoped_proxy::enable(bool enabled)
{
    proxy_patch patch;
    patch.enabled = enabled;
    where_->update(name_, patch).value();
}

scoped_outage::scoped_outage(scoped_proxy& proxy) : proxy_(proxy)
{
    proxy_.enable(false);
}

scoped_outage::~scoped_outage()
{
    try {
        end();
    } catch (std::exception const&) {
        // Nobody is left to tell; the next call on the proxy does.
    }
}

void scoped_outage::end()
{
    if (!std::exchange(ended_, true))
        proxy_.enable(true);
}

}  // namespace aconite
