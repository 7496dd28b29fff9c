#pragma once

#include "clients/experiment/file/catalog.hpp"
#include "clients/experiment/file/decode.hpp"
#include "clients/experiment/file/experiment.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Reading, section by section. Each adds to the experiment what it understands and to the faults
/// what it does not.
namespace aconite::experiment {

/// A name that stands for something elsewhere in the file, or an expression with such names: looked
/// up when all is read.
struct named_use {
    enum class as {
        expression,
        operand,  ///< an expression that a metric is compared with
        metric,
        phase,
        target,
        proxy,  ///< a target whose own name would be a proxy's
        server,
    };
    as is;
    place at;
    std::string name{};
    std::optional<experiment::expression> of{};  ///< of the first two
};

/// What all sections read into.
struct reading {
    catalog const& kinds;
    experiment_spec& into;
    faults& found;
    std::vector<named_use> uses{};
    std::map<std::string, node const*, std::less<>> customs{};  ///< named checks
};

/// Notes where an expression stands that has to hold; that it is one was checked already.
expression use_expression(std::string const& text, place at, reading& to);

/// The keys of each section, for its reader and for the JSON Schema.
[[nodiscard]] std::span<field const> experiment_fields();
/// Keys of the file whose values have readers of their own.
[[nodiscard]] std::span<field const> section_fields();
[[nodiscard]] std::span<field const> phase_fields();
[[nodiscard]] std::span<field const> check_fields();
[[nodiscard]] std::span<field const> proxy_fields();
/// Of a proxy's `brokers`, beside `also`, and of each in that.
[[nodiscard]] std::span<field const> brokers_fields();
[[nodiscard]] std::span<field const> further_fields();
[[nodiscard]] std::span<field const> target_fields();
[[nodiscard]] std::span<field const> process_fields();
/// Those that every action has beside its kind's.
[[nodiscard]] std::span<field const> action_fields();

void read_servers(node const& section, reading& to);
void read_proxies(node const& section, reading& to);
void read_targets(node const& section, reading& to);
void read_probes(node const& section, reading& to);
void read_loads(node const& section, reading& to);
void read_phases(node const& section, reading& to);
/// A list of checks; `stage` is its key.
std::vector<check_spec> read_checks(node const& section, std::string_view stage, reading& to);

/// Which kind a mapping is of, by its key `type` or by a key that is a kind's name, and all its
/// settings. Keys in `beside` are the caller's. Nothing if that cannot be told; the fault says why.
std::optional<part_spec> read_part(node const& mapping, std::span<kind const* const> kinds,
                                   std::span<std::string_view const> beside, std::string_view what,
                                   faults& found);

/// Faults for what names nothing: metrics, phases, functions, targets.
void check_names(reading& to);

}  // namespace aconite::experiment
