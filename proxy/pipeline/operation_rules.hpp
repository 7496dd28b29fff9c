#pragma once

#include "proxy/pipeline/operation_match.hpp"
#include "proxy/pipeline/trigger.hpp"
#include "proxy/record/meters.hpp"

#include <aconite/operation.hpp>
#include <aconite/time.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace aconite {

/// A toxic of a protocol, drawn for one connection.
struct operation_spec {
    std::uint64_t id = 0;
    std::uint64_t random_key = 0;
    std::shared_ptr<operation_rule const> rule{};
    std::shared_ptr<aconite::trigger> trigger{};  ///< null: it acts at once and always
    std::shared_ptr<toxic_meter> meter{};         ///< null: nobody wants to know
    stream direction = stream::both;              ///< of the operations that are one's
};

/// Is told of each toxic that acts on an operation.
class operation_observer {
public:
    virtual void on_hit(std::uint64_t toxic, operation const& what, duration delay) = 0;

protected:
    ~operation_observer() = default;
};

/// What is known beside the operation.
struct operation_moment {
    time_point now{};
    std::uint64_t connections = 0;  ///< of the proxy, that are live
};

/// The toxics of one connection that act on operations. Pure arithmetic.
class operation_rules {
public:
    /// `observer` outlives it.
    explicit operation_rules(operation_observer& observer) : observer_(observer) {}

    /// Makes them `specs`. Those that were there keep what they counted.
    void apply(std::vector<operation_spec> specs, time_point now);

    /// What they want of an operation, in their order: the delays of all that act add up, and the
    /// first that does more decides the rest.
    operation_ruling ask(operation const& what, operation_moment const& when);

    /// Whether that toxic is there, with the rule that it had when it ruled.
    [[nodiscard]] bool lives(toxic_version const& toxic) const;
    [[nodiscard]] bool empty() const { return rules_.empty(); }
    /// Whether one of them may act on operations of that stream.
    [[nodiscard]] bool any_on(stream on) const;

private:
    struct drawn {
        operation_spec spec;
        std::uint64_t version = 0;
        time_point began{};      ///< when it was put in force
        std::uint64_t hits = 0;  ///< that its trigger was asked about
        bool affects = false;    ///< hit this connection before

        [[nodiscard]] toxic_version as_it_is() const { return {spec.id, version}; }
        [[nodiscard]] bool is_on(stream on) const
        {
            return spec.direction == stream::both || spec.direction == on;
        }
    };
    static std::uint64_t key_of(std::uint64_t key, operation const& what);
    static bool acts(drawn& each, operation const& what, operation_moment const& when);

    operation_observer& observer_;
    std::vector<drawn> rules_;
    std::uint64_t versions_ = 0;  ///< of all toxics that were here
};

}  // namespace aconite
