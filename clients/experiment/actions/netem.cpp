// netem: a bad network, by the proxy in front of the target or in its container.
#include "clients/experiment/actions/netem.hpp"

#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/actions/toxics.hpp"

#include <aconite/text.hpp>

#include <array>

namespace aconite::experiment {
namespace {

constexpr std::array<std::string_view, 2> netem_ways{"proxy", "container"};
constexpr std::array<std::string_view, 3> netem_streams{"upstream", "downstream", "both"};
constexpr std::array<std::string_view, 5> distributions{"uniform", "normal", "pareto",
                                                        "paretonormal", "lognormal"};

constexpr std::array netem_fields{
    field{.name = "delay", .type = field_type::duration, .about = "of all that the target sends"},
    field{.name = "jitter", .type = field_type::duration, .about = "the delay varies by this"},
    field{.name = "correlation",
          .type = field_type::share,
          .about = "how much a delay is like the one before; of losses if there is no delay",
          .maximum = 1},
    field{.name = "distribution",
          .type = field_type::choice,
          .about = "how the delay varies. Default: uniform",
          .choices = distributions},
    field{.name = "loss",
          .type = field_type::share,
          .about = "share of the packets that is lost; 100% is a partition",
          .maximum = 1},
    field{.name = "loss_correlation",
          .type = field_type::share,
          .about = "so much more likely is a loss behind a loss",
          .maximum = 1},
    field{.name = "rate",
          .type = field_type::text,
          .about = "of all connections together, in bits per second: 1mbit, 100kbit, 8000"},
    field{.name = "stream",
          .type = field_type::choice,
          .about = "of the proxy. Default: downstream, what the target sends, as netem does",
          .choices = netem_streams},
    field{.name = "interface",
          .type = field_type::text,
          .about = "of the container. A proxy has none: there it means nothing. Default: eth0"},
    field{.name = "via",
          .type = field_type::choice,
          .about = "who does it. Default: the proxy; container: tc in the container's own network",
          .choices = netem_ways},
    field{.name = "image",
          .type = field_type::text,
          .about = "via container: of the helper container, which has tc in it"},
};

/// With what has no meaning in a proxy told.
class proxy_netem final : public action {
public:
    proxy_netem(std::unique_ptr<action> toxics, std::string beside)
        : toxics_(std::move(toxics)), beside_(std::move(beside))
    {}

    result<std::vector<json>> undo_plan() override { return toxics_->undo_plan(); }
    result<void> start() override { return toxics_->start(); }
    result<evidence> look() override
    {
        auto found = toxics_->look();
        if (found)
            found->text += beside_;
        return found;
    }

private:
    std::unique_ptr<action> toxics_;
    std::string beside_;
};

result<std::unique_ptr<action>> make_netem(settings const& given,
                                           std::vector<target const*> const& aimed,
                                           surroundings const& where)
{
    if (aimed.size() != 1)
        return problem{400, "netem is aimed at one target"};
    auto const in_bits = netem_in_bits(given);
    if (!in_bits)
        return in_bits.error();
    auto const& how = *in_bits;
    if (how.text("via", "proxy") == "container")
        return make_container_netem(how, *aimed.front(), where);
    if (how.has("image"))
        return problem{400, "netem: 'image' is for 'via: container'"};
    auto bodies = netem_toxics(how);
    if (!bodies)
        return bodies.error();
    auto const at = aimed_proxy_of(*aimed.front(), where);
    if (!at)
        return problem{at.error().status,
                       at.error().text + "; netem is done by one, or with 'via: container'"};
    std::vector<planned_toxic> toxics;
    for (auto& body : *bodies)
        toxics.push_back({*at, std::move(body)});
    auto beside = how.has("interface") ? "; by the proxy, where interface " +
                                             printable(how.text("interface")) + " means nothing"
                                       : std::string();
    return std::unique_ptr<action>(std::make_unique<proxy_netem>(
        make_toxics(std::move(toxics), where.seed), std::move(beside)));
}

}  // namespace

result<settings> netem_in_bits(settings const& given)
{
    auto how = given;
    if (how.has("rate")) {
        auto const rate = read_bit_rate(how.text("rate"));
        if (!rate)
            return problem{400, "netem: 'rate' is no rate: '" + printable(how.text("rate")) +
                                    "', but 1mbit, 100kbit or bits per second"};
        how.set("rate", {.value = *rate});
    }
    return how;
}

constinit action_kind const netem_row{
    .row = {.name = "netem",
            .about = "a network that is late, lossy or slow, as Pumba and tc have it",
            .fields = netem_fields,
            .example = "{netem: {delay: 100ms, jitter: 20ms, loss: 1%}, target: kafka}"},
    .aims_at = "proxy or container",
    .make = make_netem};

}  // namespace aconite::experiment
