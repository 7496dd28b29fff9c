#include "clients/experiment/run/target_probe.hpp"

#include "clients/experiment/actions/processes.hpp"
#include "clients/experiment/run/kinds.hpp"

#include <fmt/format.h>

#include <utility>

namespace aconite::experiment {
namespace {

constexpr field fields[] = {
    {"target", field_type::text, "a name in `targets`", true},
    {"of", field_type::text, "health"},
};

class target_look final : public probe {
public:
    target_look(target of, surroundings const& where) : of_(std::move(of)), where_(where) {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        if (of_.has_process())
            if (auto const runs = find_process(of_, where_); !runs)
                return value(std::string("it does not run"));
        if (of_.proxy.empty())
            return value(std::string("healthy"));
        auto const config = where_.servers.find(of_.server);
        if (config == where_.servers.end())
            return problem{0, fmt::format("no server is called '{}'", of_.server)};
        auto hasty = config->second;
        hasty.connect_timeout = hasty.answer_timeout = limit;
        auto const proxy = client::server(hasty).proxy(of_.proxy);
        if (!proxy)
            return proxy.error();
        return accepts(proxy->upstream, limit);
    }

private:
    result<value> accepts(std::string const& upstream, std::chrono::milliseconds limit)
    {
        settings how;
        how.set("address", {upstream, {}, {}});
        auto made = probe_kind_named("tcp")->make(how, where_);
        if (!made)
            return made.error();
        auto const seen = (*made)->look(limit);
        if (!seen)
            return seen;
        return value(std::string(is_true(*seen) ? "healthy" : "nobody accepts behind its proxy"));
    }

    target of_;
    surroundings where_;
};

result<std::unique_ptr<probe>> make_target(settings const& how, surroundings const& where)
{
    auto const name = how.text("target");
    auto const found = where.targets.find(name);
    if (found == where.targets.end())
        return problem{0, fmt::format("no target is called '{}'", name)};
    return std::unique_ptr<probe>(std::make_unique<target_look>(found->second, where));
}

constexpr probe_kind row{{"target",
                          "whether a target's process runs and what its proxy leads to accepts",
                          fields, "target", "{target: worker}"},
                         make_target};

}  // namespace

probe_kind const& target_probe()
{
    return row;
}

}  // namespace aconite::experiment
