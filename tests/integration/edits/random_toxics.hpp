#pragma once

#include <aconite/config.hpp>
#include <aconite/toxic_type.hpp>

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace aconite::testing {

/// What a random toxic may do to the streams that it acts on.
enum class manners {
    gentle,  ///< every byte arrives, in order
    any,     ///< it may end the stream, change it or leave holes
};

/// Draws toxics of all kinds from their rows. The same seed and calls draw the same.
class random_toxics {
public:
    /// `known` outlives it.
    random_toxics(toxic_registry const& known, std::uint64_t seed) : known_(known), dice_(seed) {}

    std::int64_t pick(std::int64_t low, std::int64_t high)
    {
        return std::uniform_int_distribution<std::int64_t>(low, high)(dice_);
    }
    bool chance(int percent) { return pick(1, 100) <= percent; }
    template <class T>
    T const& one_of(std::span<T const> some)
    {
        return some[static_cast<std::size_t>(pick(0, std::ssize(some) - 1))];
    }

    /// One that an engine accepts (409 for a name or 400 for a lease aside).
    toxic_config toxic(std::string name, manners how);

    /// A change of such a one. Its values may not go together with those it has: 400.
    toxic_patch change(toxic_info const& of, manners how);

    /// What connections may be called.
    std::string label();

private:
    attribute_value value(attribute const& a);
    named_numbers some_numbers(attribute const& a);
    attribute_list some_of(std::span<attribute const> row, int percent);
    attribute_list attributes(toxic_type const& type, manners how);
    toxic_aim aim(toxic_type const& type, manners how);
    std::vector<schedule_step> schedule(toxic_type const& type, manners how);
    float toxicity();

    toxic_registry const& known_;
    std::mt19937_64 dice_;
};

}  // namespace aconite::testing
