#pragma once

#include <set>
#include <utility>

namespace canary {

/// A value that notices when it is destroyed twice, never, or copied from a dead one. One
/// thread only.
class tracked {
public:
    tracked() { enter(); }
    tracked(tracked const& other) : number(other.number) { enter(other); }
    tracked(tracked&& other) noexcept : number(other.number) { enter(other); }
    tracked& operator=(tracked const&) = default;
    tracked& operator=(tracked&&) noexcept = default;
    ~tracked()
    {
        if (alive_.erase(this) == 0)
            ++misuses_;
    }

    int number = 1;

    /// Forgets everything: a new count begins.
    static void reset()
    {
        alive_.clear();
        misuses_ = 0;
    }

    /// Nothing misused, nothing left over.
    static bool balanced() { return misuses_ == 0 && alive_.empty(); }

private:
    void enter() { alive_.insert(this); }
    void enter(tracked const& other)
    {
        if (!alive_.contains(&other))
            ++misuses_;
        enter();
    }

    static inline std::set<tracked const*> alive_;
    static inline int misuses_ = 0;
};

/// An aggregate, as our option structs are.
struct options {
    tracked value;
    int size = 0;
};

/// The same with a constructor.
struct built_options {
    built_options(tracked v, int s) : value(std::move(v)), size(s) {}

    tracked value;
    int size;
};

}  // namespace canary
