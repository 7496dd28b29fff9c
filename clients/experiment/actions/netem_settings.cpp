// What netem is asked for, as toxics and as words of tc.
#include "clients/experiment/actions/netem.hpp"

#include "proxy/net/number.hpp"

#include <aconite/text.hpp>

#include <algorithm>
#include <cmath>

namespace aconite::experiment {
namespace {

std::int64_t in_ms(nanoseconds time)
{
    return std::chrono::round<std::chrono::milliseconds>(time).count();
}

/// A problem for what means nothing, for the toxics as for tc.
result<void> check_netem(settings const& how)
{
    if (!how.has("delay") && !how.has("loss") && !how.has("rate"))
        return problem{400, "netem: one of 'delay', 'loss' and 'rate' is needed"};
    for (auto const* of_delay : {"jitter", "distribution"})
        if (how.has(of_delay) && !how.has("delay"))
            return problem{400, "netem: '" + std::string(of_delay) + "' needs a 'delay'"};
    if (how.has("loss_correlation") && !how.has("loss"))
        return problem{400, "netem: 'loss_correlation' needs a 'loss'"};
    return {};
}

/// Of what is lost: Pumba has one word for both.
double loss_correlation(settings const& how)
{
    if (how.has("loss_correlation"))
        return how.number("loss_correlation");
    return how.has("delay") ? 0 : how.number("correlation");
}

json loss_toxic(settings const& how)
{
    auto const share = how.number("loss");
    if (auto const like_before = loss_correlation(how); like_before > 0)
        return {{"type", "packet_loss"},
                {"attributes", {{"loss_rate", share}, {"correlation", like_before}}}};
    return {{"type", "loss"}, {"attributes", {{"rate", share}}}};
}

json latency_toxic(settings const& how)
{
    json attributes{{"latency", in_ms(how.duration("delay"))}};
    if (how.has("jitter"))
        attributes["jitter"] = in_ms(how.duration("jitter"));
    if (how.has("correlation"))
        attributes["correlation"] = how.number("correlation");
    if (how.has("distribution"))
        attributes["distribution"] = how.text("distribution");
    return {{"type", "latency"}, {"attributes", std::move(attributes)}};
}

/// Rates are in bits per second, toxics' in 1,000 bytes per second.
json bandwidth_toxic(settings const& how)
{
    auto const rate = std::max(std::llround(how.number("rate") / 8'000), 1LL);
    return {{"type", "bandwidth"}, {"attributes", {{"rate", rate}, {"shared", true}}}};
}

std::string percent(double share)
{
    return aconite::to_text(std::round(share * 1e6) / 1e4) + "%";
}

std::string microseconds(nanoseconds time)
{
    return std::to_string(std::chrono::round<std::chrono::microseconds>(time).count()) + "us";
}

struct rate_unit {
    std::string_view name;
    double bits;
};

constexpr rate_unit rate_units[] = {{"", 1},       {"bit", 1},    {"kbit", 1e3},
                                    {"mbit", 1e6}, {"gbit", 1e9}, {"bps", 8},
                                    {"kbps", 8e3}, {"mbps", 8e6}, {"gbps", 8e9}};

}  // namespace

std::optional<double> read_bit_rate(std::string_view text)
{
    auto const digits = std::min(text.find_first_not_of("0123456789."), text.size());
    auto const number = number_in<double>(text.substr(0, digits));
    std::string unit(text.substr(digits));
    for (auto& c : unit)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    auto const* const known = std::ranges::find(rate_units, unit, &rate_unit::name);
    if (!number || known == std::end(rate_units) || *number <= 0 || *number * known->bits > 1e15)
        return std::nullopt;
    return *number * known->bits;
}

result<std::vector<json>> netem_toxics(settings const& how)
{
    if (auto const sound = check_netem(how); !sound)
        return sound.error();
    if (how.number("loss") >= 1) {
        std::vector<json> whole;
        whole.push_back({{"type", "partition"}, {"attributes", json::object()}});
        return whole;
    }
    std::vector<json> each_way;
    if (how.number("loss") > 0)
        each_way.push_back(loss_toxic(how));
    if (how.has("delay"))
        each_way.push_back(latency_toxic(how));
    if (how.has("rate"))
        each_way.push_back(bandwidth_toxic(how));
    auto const stream = how.text("stream", "downstream");
    std::vector<json> toxics;
    for (auto const& way : {"upstream", "downstream"})
        for (auto toxic : each_way)
            if (stream == way || stream == "both") {
                toxic["stream"] = way;
                toxics.push_back(std::move(toxic));
            }
    return toxics;
}

result<std::vector<std::string>> netem_words(settings const& how)
{
    if (auto const sound = check_netem(how); !sound)
        return sound.error();
    if (how.has("stream"))
        return problem{400, "netem: 'stream' means nothing in a container's own network, where "
                            "what the container sends is delayed"};
    auto const distribution = how.text("distribution", "uniform");
    if (distribution == "lognormal")
        return problem{400, "netem: tc has no distribution 'lognormal'"};
    std::vector<std::string> words;
    if (how.has("delay")) {
        words.insert(words.end(), {"delay", microseconds(how.duration("delay"))});
        if (how.has("jitter") || how.has("correlation"))
            words.push_back(microseconds(how.duration("jitter")));
        if (how.has("correlation"))
            words.push_back(percent(how.number("correlation")));
        if (distribution != "uniform")
            words.insert(words.end(), {"distribution", distribution});
    }
    if (how.has("loss")) {
        words.insert(words.end(), {"loss", "random", percent(how.number("loss"))});
        if (auto const like_before = loss_correlation(how); like_before > 0)
            words.push_back(percent(like_before));
    }
    if (how.has("rate"))
        words.insert(words.end(),
                     {"rate", std::to_string(std::llround(how.number("rate"))) + "bit"});
    return words;
}

}  // namespace aconite::experiment
