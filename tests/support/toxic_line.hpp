#pragma once

#include "proxy/pipeline/pipeline.hpp"

#include <aconite/config.hpp>
#include <aconite/toxic_type.hpp>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::test {

/// A toxic as a test asks for it: `{"latency", {{"latency", 100}}}`.
struct wanted {
    std::string type;
    attribute_list attributes;
    std::uint64_t id = 1;
    std::uint64_t version = 1;
    std::uint64_t random_key = 7;
    std::shared_ptr<trigger> when{};
};

inline toxic_registry const& builtin_toxics()
{
    static toxic_registry const registry = toxic_registry::builtin();
    return registry;
}

/// Throws std::runtime_error if the type does not exist or refuses the attributes.
inline stage_spec spec_of(wanted const& w)
{
    auto const* type = builtin_toxics().find(w.type);
    if (type == nullptr)
        throw std::runtime_error("no such toxic type: " + w.type);
    attribute_values values(type->attributes);
    for (auto const& [name, value] : w.attributes)
        values.set(name, value).value();
    if (type->check != nullptr)
        type->check(values).value();
    return {w.id,
            w.version,
            type,
            values,
            w.random_key,
            w.when,
            type->common_for(values),
            {},
            {},
            type->acts_on == stream::both};
}

/// A pipeline on a clock that starts at 0 and only moves when a test says so.
class toxic_line {
public:
    using time = std::chrono::nanoseconds;
    static constexpr time forever = time::max();

    toxic_line() = default;
    /// One toxic, from 0 on.
    explicit toxic_line(wanted const& only) { set(time{0}, {only}); }
    /// Several in a row, from 0 on; their ids are 1, 2, 3...
    toxic_line(std::initializer_list<wanted> chain)
    {
        std::vector<wanted> numbered(chain);
        for (std::size_t i = 0; i < numbered.size(); ++i)
            numbered[i].id = i + 1;
        set(time{0}, numbered);
    }

    void set(time at, std::vector<wanted> const& chain)
    {
        std::vector<stage_spec> specs;
        for (auto const& w : chain)
            specs.push_back(spec_of(w));
        line.apply(specs, start_ + at);
    }

    void push(time at, std::string_view text) { line.push(slice::copy_of(text), start_ + at); }
    void end(time at, ending how = ending::half_close) { line.push_end(how, start_ + at); }

    /// What has left by `at`, with a receiver that takes everything.
    std::string take(time at)
    {
        std::string all;
        for (auto const& piece : pieces(at))
            all += piece;
        return all;
    }

    /// Like `take`, piece by piece.
    std::vector<std::string> pieces(time at)
    {
        std::vector<std::string> all;
        line.advance(start_ + at);
        while (!line.front().empty()) {
            all.emplace_back(line.front());
            line.consume(all.back().size());
            line.advance(start_ + at);
        }
        return all;
    }

    /// When `advance` is needed next; `forever` if never.
    [[nodiscard]] time next() const
    {
        auto const due = line.next_due();
        return due == never ? forever : due - start_;
    }

    [[nodiscard]] std::optional<ending> ended() const { return line.ended(); }

    pipeline line;

private:
    // Some uptime, as a steady clock has.
    time_point start_{std::chrono::hours(1000)};
};

}  // namespace aconite::test
