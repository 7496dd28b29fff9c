#pragma once

#include <aconite/control.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aconite {

namespace testing {
class test_bed;
}

/// A toxic that is there as long as this handle. Made by `scoped_proxy`, or from a proxy's name.
/// The `control` must outlive it; its proxy may go first. One handle is used by one thread at a
/// time.
class [[nodiscard]] scoped_toxic {
public:
    /// Adds it. Throws std::runtime_error with the text of the problem.
    scoped_toxic(control& where, std::string_view proxy, toxic_config config);
    /// Removes it: what it holds leaves at once, in order. Its problems are ignored (it may have
    /// ended by itself).
    ~scoped_toxic();
    /// Takes it over; `other` may only be assigned to or destroyed.
    scoped_toxic(scoped_toxic&& other) noexcept;
    /// Removes the one that was held.
    scoped_toxic& operator=(scoped_toxic&& other) noexcept;

    /// As it is called in its proxy.
    [[nodiscard]] std::string const& name() const;
    /// Its proxy's.
    [[nodiscard]] std::string const& proxy() const;

    /// Changes the attributes listed, live. Throws std::runtime_error.
    void update(attribute_list attributes);
    /// Changes what is set. Throws std::runtime_error.
    void update(toxic_patch const& patch);
    /// Removes it now. Does nothing the second time. Throws std::runtime_error, but not if it has
    /// ended by itself.
    void remove();

    /// What it did, also after it was removed. Throws std::runtime_error.
    [[nodiscard]] toxic_stats stats() const;
    /// How often it changed what a receiver sees. Throws std::runtime_error.
    [[nodiscard]] std::uint64_t hits() const;
    /// Waits until it has at least `count` hits; false if that took longer than `timeout`. Looks
    /// every 2 ms. Throws std::runtime_error.
    [[nodiscard]] bool wait_for_hits(std::uint64_t count, std::chrono::milliseconds timeout) const;

private:
    friend class testing::test_bed;
    class state;
    std::shared_ptr<state> state_;
};

}  // namespace aconite
