#pragma once

#include "proxy/pipeline/trigger.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace aconite {

/// A trigger's answer for a whole connection. Yes stays, or the receiver would see a part of a
/// fault; no stays until the toxic has another trigger.
class grant {
public:
    /// `hits` counts those of the connection; a null trigger grants all.
    bool ask(std::shared_ptr<trigger> const& by, std::uint64_t& hits)
    {
        fresh_ = false;
        if (!asked_ || (!given_ && by_ != by)) {
            given_ = !by || by->hit(hits);
            fresh_ = given_;
            asked_ = true;
            by_ = by;
        }
        return given_;
    }

    /// The last question was the first one to be granted.
    [[nodiscard]] bool fresh() const { return fresh_; }

private:
    bool asked_ = false;
    bool given_ = false;
    bool fresh_ = false;
    std::shared_ptr<trigger> by_;
};

/// What the two stages of a toxic on one connection have in common, where it acts on both streams.
struct shared_act {
    grant granted;
    bool affects = false;  ///< hit this connection before
};

/// Those of one connection, where each stream asks.
class grant_book {
public:
    /// That of the toxic with this id; made if there is none. Valid until the next call.
    shared_act& of(std::uint64_t toxic_id)
    {
        for (auto& [id, each] : acts_)
            if (id == toxic_id)
                return each;
        return acts_.emplace_back(toxic_id, shared_act()).second;
    }

private:
    std::vector<std::pair<std::uint64_t, shared_act>> acts_;
};

}  // namespace aconite
