// down and up: a proxy that does not listen, and one that does again.
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/actions/toxics.hpp"

#include <aconite/text.hpp>

namespace aconite::experiment {
namespace {

result<bool> proxy_is_enabled(client::server const& server, std::string const& proxy)
{
    auto const answer = server.request("GET", client::proxy_path(proxy));
    if (!answer)
        return problem{answer.error().status,
                       "proxy '" + printable(proxy) + "': " + printable(answer.error().text)};
    return result<bool>(boost::system::in_place_value,
                        record_flag(json::parse(*answer, nullptr, false), "enabled"));
}

/// POST, not PATCH: servers older than 2.6 know only this.
result<void> switch_proxy(client::server const& server, std::string const& proxy, bool enabled)
{
    auto const done = server.request("POST", client::proxy_path(proxy),
                                     enabled ? R"({"enabled":true})" : R"({"enabled":false})");
    if (!done)
        return problem{done.error().status,
                       "proxy '" + printable(proxy) + "': " + printable(done.error().text)};
    return {};
}

class proxy_switch final : public action {
public:
    proxy_switch(aimed_proxy at, bool enable) : at_(std::move(at)), enable_(enable) {}

    result<void> find() override
    {
        auto const enabled = proxy_is_enabled(at_.ask(), at_.proxy);
        return enabled ? result<void>() : enabled.error();
    }

    result<std::vector<json>> undo_plan() override
    {
        auto const enabled = proxy_is_enabled(at_.ask(), at_.proxy);
        if (!enabled)
            return enabled.error();
        was_so_ = *enabled == enable_;
        if (was_so_)
            return std::vector<json>{};
        json record{{"kind", "proxy_enabled"},
                    {"server_url", at_.server.url},
                    {"proxy", at_.proxy},
                    {"enabled", *enabled}};
        if (!at_.server.verify_certificate)
            record["verify_certificate"] = false;
        return std::vector<json>{std::move(record)};
    }

    result<void> start() override { return switch_proxy(at_.ask(), at_.proxy, enable_); }

    /// What a disabled proxy refuses it does not see: the kernel does.
    result<evidence> look() override
    {
        auto const enabled = proxy_is_enabled(at_.ask(), at_.proxy);
        if (!enabled)
            return enabled.error();
        std::string text = *enabled ? "it listened" : "it did not listen";
        std::string ended_early;
        if (*enabled != enable_) {
            text += ": somebody else changed that";
            ended_early = "proxy '" + printable(at_.proxy) + "': " + text;
        } else if (was_so_) {
            text += ", as before";
        }
        return evidence{{}, std::move(text), std::move(ended_early)};
    }

private:
    aimed_proxy at_;
    bool enable_;
    bool was_so_ = false;
};

template <bool enable>
result<std::unique_ptr<action>>
make_switch(settings const&, std::vector<target const*> const& aimed, surroundings const& where)
{
    if (aimed.size() != 1)
        return problem{400, enable ? "up is aimed at one target" : "down is aimed at one target"};
    auto at = aimed_proxy_of(*aimed.front(), where);
    if (!at)
        return at.error();
    return std::unique_ptr<action>(std::make_unique<proxy_switch>(std::move(*at), enable));
}

result<void> restore_enabled(json const& record, surroundings const& where)
{
    auto const proxy = record_text(record, "proxy");
    if (proxy.empty())
        return problem{400, "an undo record of a proxy lacks 'proxy'"};
    auto const done =
        switch_proxy(server_of_record(record, where), proxy, record_flag(record, "enabled"));
    if (!done && done.error().status != 404)
        return done.error();
    return {};
}

}  // namespace

constinit action_kind const down_row{
    .row = {.name = "down",
            .about = "the proxy closes its connections and does not listen",
            .fields = {},
            .example = "{down: redis}"},
    .aims_at = "proxy",
    .ends = may_end::of_its_target,
    .make = make_switch<false>};

constinit action_kind const up_row{
    .row = {.name = "up", .about = "the proxy listens", .fields = {}, .example = "{up: redis}"},
    .aims_at = "proxy",
    .lasts = false,
    .ends = may_end::of_its_target,
    .make = make_switch<true>};

constinit undo_kind const undo_proxy_enabled{"proxy_enabled", restore_enabled};

}  // namespace aconite::experiment
