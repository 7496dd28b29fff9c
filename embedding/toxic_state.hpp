#pragma once

#include <aconite/scoped_toxic.hpp>

#include <optional>
#include <string>

namespace aconite {

/// What a handle stands for, shared with a test bed that asks about it when the handle is gone.
class scoped_toxic::state {
public:
    state(control& where, std::string proxy, std::string name);

    /// Removes it, unless that was done. What it has done by then is kept.
    result<void> remove();
    [[nodiscard]] result<toxic_stats> stats() const;
    [[nodiscard]] control& where() const { return where_; }
    [[nodiscard]] std::string const& proxy() const { return proxy_; }
    [[nodiscard]] std::string const& name() const { return name_; }

private:
    control& where_;
    std::string proxy_;
    std::string name_;
    bool removed_ = false;
    std::optional<result<toxic_stats>> last_;  ///< once it is removed
};

}  // namespace aconite
