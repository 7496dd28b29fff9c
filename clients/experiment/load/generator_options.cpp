#include "clients/experiment/load/generator_options.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::experiment {
namespace {

constexpr std::int64_t default_connections = 10;
constexpr std::int64_t default_keys = 1'000;
constexpr std::int64_t default_backlog = 10'000;
constexpr std::chrono::seconds default_timeout{10};

field const& generator_row(std::string_view name)
{
    return *std::ranges::find(generator_fields, name, &field::name);
}

bool within(field const& row, double number)
{
    return number >= row.minimum && number <= row.maximum;
}

}  // namespace

problem bad_field(std::string_view name, std::string_view why)
{
    return {400, fmt::format("{}: {}", name, why)};
}

result<generator_options> read_generator_options(settings const& how, surroundings const& where)
{
    generator_options options;
    options.rate = how.number("rate");
    if (auto const& row = generator_row("rate"); !within(row, options.rate))
        return bad_field("rate", fmt::format("must be from {} to {} requests per second",
                                             row.minimum, row.maximum));
    options.poisson = how.text("arrival") == "poisson";
    auto const connections = how.whole("connections", default_connections);
    if (connections < 1)
        return bad_field("connections", "must be at least 1");
    options.connections = static_cast<std::uint64_t>(connections);
    options.timeout = how.duration("timeout", default_timeout);
    if (options.timeout < std::chrono::milliseconds(1))
        return bad_field("timeout", "must be at least 1ms");
    auto const count = how.whole("count");
    if (count < 0 || (count == 0 && how.has("count")))
        return bad_field("count", "must be at least 1");
    options.count = static_cast<std::uint64_t>(count);
    auto const backlog = how.whole("max_backlog", default_backlog);
    if (backlog < 0)
        return bad_field("max_backlog", "must be at least 0");
    options.max_backlog = static_cast<std::uint64_t>(backlog);
    options.seed = how.has("seed") ? static_cast<std::uint64_t>(how.whole("seed")) : where.seed;
    auto const keys = how.whole("keys", default_keys);
    if (!within(generator_row("keys"), static_cast<double>(keys)))
        return bad_field("keys", fmt::format("must be from 1 to {}", key_space::size_max));
    options.draws = std::make_shared<request_draws const>(
        request_draws{options.seed, key_space(options.seed, static_cast<std::uint64_t>(keys),
                                              how.text("distribution") == "zipf")});
    return options;
}

}  // namespace aconite::experiment
