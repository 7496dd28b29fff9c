#pragma once

#include "clients/experiment/file/field.hpp"
#include "clients/experiment/file/settings.hpp"
#include "clients/experiment/load/request_text.hpp"
#include "clients/experiment/plan/surroundings.hpp"

#include <aconite/problem.hpp>
#include <aconite/time.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

namespace aconite::experiment {

/// What all generators of requests have in common.
struct generator_options {
    double rate = 0;  ///< requests per second
    bool poisson = false;
    std::uint64_t connections = 10;  ///< at most so many requests wait for an answer
    duration timeout{};              ///< of one request, from when it began
    std::uint64_t count = 0;         ///< it is over after so many; 0: never
    std::uint64_t max_backlog = 0;   ///< requests that are due while all connections are busy
    std::uint64_t seed = 0;
    std::shared_ptr<request_draws const> draws;
};

inline constexpr std::string_view arrival_choices[] = {"constant", "poisson"};
inline constexpr std::string_view distribution_choices[] = {"uniform", "zipf"};

/// The rows of those options but for `connections`.
inline constexpr std::array generator_fields = {
    field{.name = "rate",
          .type = field_type::rate,
          .about = "requests per second, whatever the answers take",
          .required = true,
          .minimum = 0.001,
          .maximum = 100'000},
    field{.name = "arrival",
          .type = field_type::choice,
          .about = "an even row (the default), or as independent people come",
          .choices = arrival_choices},
    field{.name = "keys",
          .type = field_type::whole,
          .about = "how many keys {key} is drawn from, 0 and up; 1000 by default",
          .minimum = 1,
          .maximum = key_space::size_max},
    field{.name = "distribution",
          .type = field_type::choice,
          .about = "each key as likely as another (the default), or few of them often",
          .choices = distribution_choices},
    field{.name = "timeout",
          .type = field_type::duration,
          .about = "how long one request may take; 10s by default",
          .minimum = 0.001,
          .maximum = 3600},
    field{.name = "count",
          .type = field_type::whole,
          .about = "it is over after so many requests",
          .minimum = 1},
    field{.name = "max_backlog",
          .type = field_type::whole,
          .about = "requests that wait while all connections are busy, 10000 by default; one that "
                   "is due beyond them is the error `not sent`",
          .minimum = 0,
          .maximum = 10'000'000},
    field{.name = "seed",
          .type = field_type::whole,
          .about = "what is drawn is drawn from; the experiment's by default"},
};

constexpr field connections_field(double maximum)
{
    return {.name = "connections",
            .type = field_type::whole,
            .about = "how many requests may wait for their answers; 10 by default",
            .minimum = 1,
            .maximum = maximum};
}

/// The rows of a kind: its own ones, then the common ones.
template <std::size_t Count>
constexpr auto with_generator_fields(std::array<field, Count> const& own)
{
    std::array<field, Count + generator_fields.size()> all{};
    std::size_t place = 0;
    for (auto const& each : own)
        all[place++] = each;
    for (auto const& each : generator_fields)
        all[place++] = each;
    return all;
}

/// Reads them. A problem that names the field and the bound.
result<generator_options> read_generator_options(settings const& how, surroundings const& where);

/// A problem with one field.
problem bad_field(std::string_view name, std::string_view why);

}  // namespace aconite::experiment
