#include "orders/service.hpp"

namespace shop {

service::service(addresses const& where, limits const& patience)
    : database_(where.database, patience.database),
      cache_(where.cache, patience.cache),
      events_(where.broker, patience.broker)
{}

void service::place(std::string const& id, std::string const& content)
{
    database_.save(id, content);
    cache_.put(id, content);
    events_.publish(order_created, id, content);
}

std::optional<std::string> service::find(std::string const& id)
{
    if (auto cached = cache_.get(id))
        return cached;
    return database_.find(id);
}

}  // namespace shop
