#pragma once

#include <aconite/aim.hpp>
#include <aconite/attempt_fault.hpp>
#include <aconite/attribute.hpp>
#include <aconite/conversation.hpp>
#include <aconite/operation.hpp>
#include <aconite/problem.hpp>
#include <aconite/stream.hpp>
#include <aconite/toxic.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace aconite {

/// Segments that the kernel drops when it receives them, in place of what a toxic would do.
struct kernel_drop {
    /// Their share, 0 to 1; none: the kernel cannot do what the values ask for.
    std::optional<double> rate;
    /// Without CAP_NET_ADMIN there can be no such toxic (409). Else it is made where the kernel
    /// does not drop.
    bool required = false;
    /// What is told as the effective mode then.
    std::string_view otherwise{};
};

/// Everything there is to know about a kind of toxic: one constant row beside its code.
struct toxic_type {
    std::string_view name;                  ///< unique in a registry
    std::string_view summary;               ///< one line for people
    std::span<attribute const> attributes;  ///< must outlive the row
    /// A new toxic for one stream of one connection. `values` were accepted by `check`. Null only
    /// beside `attempts`.
    std::unique_ptr<toxic> (*make)(attribute_values const& values) = nullptr;
    /// Optional: the only stream that it acts on, whatever is asked for; but `both` is refused
    /// where it acts on one.
    std::optional<stream> acts_on{};
    /// Attributes that it does not have are ignored: for types that Toxiproxy has, which does so.
    bool lenient = false;
    /// Optional rule over several attributes: a 400 that names the field and the bound.
    result<void> (*check)(attribute_values const& values) = nullptr;
    /// Optional: the bytes per second to which such a toxic limits a stream, if it does nothing
    /// else to it; 0 if it has to see the data all the same. From 10^3 to 10^11, and alone on a
    /// stream, the toxic is then not made: the engine reads no faster than that, without touching
    /// the data.
    std::uint64_t (*rate)(attribute_values const& values) = nullptr;
    /// Optional: what all connections of one toxic share, or null; each stream for itself. Made
    /// when the toxic is created and anew when its attributes change; each connection finds it in
    /// `toxic_context::common`.
    std::shared_ptr<toxic_common> (*make_common)(attribute_values const& values) = nullptr;
    /// Optional: what such a toxic would leave to the kernel; none if the values do not ask for
    /// that. Where the kernel drops, the toxic is not made, and the stream needs no pipeline.
    std::optional<kernel_drop> (*drop)(attribute_values const& values) = nullptr;
    /// Optional: such a toxic acts on attempts to connect instead of on a stream, in this way, and
    /// is never made.
    attempt_fault (*attempts)(attribute_values const& values) = nullptr;
    /// Optional: such a toxic acts on the operations of this protocol instead of on a stream, and
    /// is never made. Its proxy has to speak the protocol.
    protocol_type const* protocol = nullptr;
    /// Beside `protocol`: what such a toxic does to an operation.
    std::shared_ptr<operation_fault const> (*fault)(attribute_values const& values) = nullptr;
    /// Optional, beside `protocol`: the value of a field of the protocol's `match` row where the
    /// toxic's own match does not set it; empty: the field's fallback.
    std::string_view (*implied_match)(attribute_values const& values,
                                      std::string_view field) = nullptr;
    /// Optional: the schedule of a toxic that was created without one; empty: none.
    std::vector<schedule_step> (*implied_schedule)(attribute_values const& values) = nullptr;

    /// What `make_common` makes, or null.
    [[nodiscard]] std::shared_ptr<toxic_common> common_for(attribute_values const& values) const
    {
        return make_common != nullptr ? make_common(values) : nullptr;
    }

    /// What a match of such a toxic can name: `match_row` and behind it, if there is one, the row
    /// of its protocol.
    [[nodiscard]] std::vector<attribute> match_attributes() const;
};

/// The kinds of toxics that an engine knows: a value, copied into the engine.
class toxic_registry {
public:
    /// The built-in toxics.
    static toxic_registry builtin();

    /// Adds a kind. `type` must outlive every engine that uses the registry; a type of the
    /// same name is replaced.
    void add(toxic_type const& type);

    /// The kind called `name` (case matters), or null.
    [[nodiscard]] toxic_type const* find(std::string_view name) const;
    /// The protocol called `name` of one of the kinds, or null.
    [[nodiscard]] protocol_type const* find_protocol(std::string_view name) const;
    /// All protocols of the kinds, each once.
    [[nodiscard]] std::vector<protocol_type const*> protocols() const;
    /// What a match can name, whatever the kind: `match_row` and the rows of all protocols.
    [[nodiscard]] std::vector<attribute> match_attributes() const;

    /// In the order in which they were added.
    [[nodiscard]] std::span<toxic_type const* const> all() const { return types_; }

private:
    std::vector<toxic_type const*> types_;
};

}  // namespace aconite
