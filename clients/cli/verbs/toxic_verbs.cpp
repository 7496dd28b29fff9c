#include "clients/cli/verbs/toxic_verbs.hpp"

#include "clients/cli/line/aim_options.hpp"
#include "clients/cli/line/asking.hpp"
#include "clients/cli/line/attributes.hpp"
#include "clients/cli/line/numbers.hpp"
#include "clients/cli/text/format.hpp"
#include "clients/cpp/codec.hpp"

#include <aconite/text.hpp>
#include <aconite/toxic_type.hpp>

#include <fmt/format.h>

#include <span>
#include <string_view>

namespace aconite::cli {
namespace {

using nlohmann::json;

/// Those given, for a toxic of that type.
json attributes_of(command const& asked, identity const& self, std::string_view type)
{
    auto const registry = toxic_registry::builtin();
    auto const* known = self.drop_in ? nullptr : registry.find(type);
    auto const row = known == nullptr ? std::span<attribute const>() : known->attributes;
    json values;
    if (auto const read = read_attributes(asked.attributes, self.drop_in, row, values); !read)
        fail(read.error().text);
    return values;
}

float toxicity_of(command const& asked)
{
    if (asked.toxicity.empty())
        return 1;
    auto const share = read_toxicity(asked.toxicity);
    if (!share)
        fail("toxicity should be a float between 0 and 1.");
    return *share;
}

void aim(command const& asked, std::string_view type, json& body)
{
    if (auto const added = append_aim(asked, type, body); !added)
        fail(added.error().text);
}

}  // namespace

outcome add_toxic(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    require_flag(asked, asked.toxic_type, "type");
    if (asked.to_upstream + asked.to_downstream + asked.to_both > 1)
        fail("Only one should be specified: upstream or downstream.");
    auto const* const stream = asked.to_both       ? "both"
                               : asked.to_upstream ? "upstream"
                                                   : "downstream";
    auto body = json{{"name", asked.toxic_name},
                     {"type", asked.toxic_type},
                     {"stream", stream},
                     {"toxicity", client::codec::shortest(toxicity_of(asked))},
                     {"attributes", attributes_of(asked, self, asked.toxic_type)}};
    aim(asked, asked.toxic_type, body);
    append_seed(asked, body);
    if (!asked.lease.empty())
        body["lease"] = asked.lease;

    auto const path = client::proxy_path(asked.proxy);
    ask(server,
        fmt::format("Failed to add toxic: failed to retrieve proxy with name `{}`: ", asked.proxy),
        "GET", path);
    auto const toxic = ask(server,
                           fmt::format("Failed to add toxic: failed to add toxic to proxy {}: "
                                       "AddToxic: ",
                                       asked.proxy),
                           "POST", path + "/toxics", body);
    return say(asked,
               fmt::format("Added {} {} toxic '{}' on proxy '{}'", text_of(toxic, "stream"),
                           text_of(toxic, "type"), text_of(toxic, "name"), printable(asked.proxy)),
               toxic);
}

outcome update_toxic(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    require_flag(asked, asked.toxic_name, "toxicName");
    auto const share = toxicity_of(asked);
    auto body = json{{"attributes", attributes_of(asked, self, {})}};
    if (self.drop_in || !asked.toxicity.empty())  // the reference always sends it
        body["toxicity"] = client::codec::shortest(share);
    aim(asked, {}, body);

    auto const proxy =
        ask(server,
            fmt::format("Failed to update toxic: failed to retrieve proxy with name `{}`: ",
                        asked.proxy),
            "GET", client::proxy_path(asked.proxy));
    for (auto const& known : proxy.at("toxics"))
        if (known.at("name").get<std::string>() == asked.toxic_name) {
            // Its type tells what its attributes and its match are.
            auto const type = known.at("type").get<std::string>();
            body["attributes"] = attributes_of(asked, self, type);
            aim(asked, type, body);
        }
    auto const toxic =
        ask(server,
            fmt::format("Failed to update toxic: failed to update toxic '{}' of proxy '{}': ",
                        asked.toxic_name, asked.proxy),
            "PATCH", client::toxic_path(asked.proxy, asked.toxic_name), body);
    return say(asked,
               fmt::format("Updated toxic '{}' on proxy '{}'", text_of(toxic, "name"),
                           printable(asked.proxy)),
               toxic);
}

outcome remove_toxic(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    require_flag(asked, asked.toxic_name, "toxicName");
    ask(server,
        fmt::format("Failed to remove toxic: failed to retrieve proxy with name `{}`: ",
                    asked.proxy),
        "GET", client::proxy_path(asked.proxy));
    ask(server,
        fmt::format("Failed to remove toxic: failed to remove toxic '{}' from proxy '{}': ",
                    asked.toxic_name, asked.proxy),
        "DELETE", client::toxic_path(asked.proxy, asked.toxic_name));
    return say(asked,
               fmt::format("Removed toxic '{}' on proxy '{}'", printable(asked.toxic_name),
                           printable(asked.proxy)),
               {{"removed", asked.toxic_name}, {"proxy", asked.proxy}});
}

}  // namespace aconite::cli
