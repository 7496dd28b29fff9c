// proxy: what an aconite server counts of one of its proxies.

#include "clients/cpp/codec.hpp"
#include "clients/cpp/record_codec.hpp"
#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/http_call.hpp"
#include "clients/experiment/probes/kinds.hpp"

namespace aconite::experiment {
namespace {

constexpr std::string_view proxy_of[] = {"hits",  "connections", "open",        "dial_errors",
                                         "bytes", "refused",     "not_followed"};
constexpr field proxy_fields[] = {
    {.name = "proxy", .about = "its name, or a target's that has one", .required = true},
    {.name = "server", .about = "a name in `servers`; default: the target's, else the first"},
    {.name = "of",
     .type = field_type::choice,
     .about = "hits (default): how often its toxics changed what a receiver sees; connections: "
              "accepted since it was made; open: now; dial_errors: for which there was no upstream;"
              " bytes: read from both sides; refused: reset at once by a toxic; not_followed: "
              "whose protocol could not be followed",
     .choices = proxy_of},
    {.name = "toxic", .about = "count the hits of this one only; 0 before it is added"},
};

/// What of the counters is asked for.
struct proxy_choice {
    std::string of;
    std::string toxic;
};

std::uint64_t count_of(proxy_stats const& stats, proxy_choice const& which)
{
    if (which.of == "connections")
        return stats.connections_total;
    if (which.of == "open")
        return stats.connections_open;
    if (which.of == "dial_errors")
        return stats.dial_errors;
    if (which.of == "refused")
        return stats.refused;
    if (which.of == "not_followed")
        return stats.not_followed;
    std::uint64_t sum = 0;
    if (which.of == "bytes")
        for (auto const& each : stats.streams)
            sum += each.received_bytes;
    else
        for (auto const& each : stats.toxics)
            if (which.toxic.empty() || each.name == which.toxic)
                sum += each.hits;
    return sum;
}

class proxy_look final : public probe {
public:
    proxy_look(http_call what, proxy_choice which)
        : what_(std::move(what)), which_(std::move(which))
    {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        auto const answer = call(what_, deadline(limit));
        if (!answer)
            return answer.error();
        try {
            auto const body = nlohmann::json::parse(answer->body);
            if (answer->status != 200)
                return wrong(
                    what_.to_text(),
                    body.value("error", "answered with status " + std::to_string(answer->status)));
            return value(static_cast<double>(count_of(client::codec::to_stats(body), which_)));
        } catch (nlohmann::json::exception const& error) {
            // A Toxiproxy says `404 page not found`: it counts nothing.
            return wrong(what_.to_text(),
                         answer->status == 404
                             ? "this server does not count: it is no aconite"
                             : "an answer that is not aconite's: " + client::codec::reason(error));
        }
    }

private:
    http_call what_;
    proxy_choice which_;
};

result<std::unique_ptr<probe>> make_proxy(settings const& how, surroundings const& where)
{
    auto name = how.text("proxy");
    auto server = how.text("server");
    if (auto const found = where.targets.find(name); found != where.targets.end()) {
        if (found->second.proxy.empty())
            return wrong("proxy", "the target '" + name + "' has none");
        if (!how.has("server"))
            server = found->second.server;
        name = found->second.proxy;
    }
    auto const at = where.servers.find(server);
    if (at == where.servers.end())
        return wrong("server", "there is no '" + server + "' in servers");
    proxy_choice which{how.text("of", "hits"), how.text("toxic")};
    if (!which.toxic.empty() && which.of != "hits")
        return wrong("toxic", "is of no use with of: " + which.of);
    auto what = read_call(at->second.url);
    if (!what)
        return what.error();
    what->verify_certificate = at->second.verify_certificate;
    while (what->target.ends_with('/'))
        what->target.pop_back();
    what->target += client::proxy_path(name) + "/stats";
    return std::make_unique<proxy_look>(std::move(*what), std::move(which));
}

}  // namespace

probe_kind proxy_probe()
{
    return {{.name = "proxy",
             .about = "what an aconite server counts of a proxy",
             .fields = proxy_fields,
             .primary = "proxy",
             .example = "{proxy: kafka, of: hits}"},
            make_proxy};
}

}  // namespace aconite::experiment
