#pragma once

#include <aconite/toxic.hpp>

#include <optional>

namespace aconite::toxics {

/// One hit for a whole connection: asked for when the toxic first wants to act, and kept.
class grant {
public:
    /// Whether the toxic acts on this connection.
    bool ask(toxic_context& link)
    {
        if (!given_)
            given_ = link.hit();
        return *given_;
    }

private:
    std::optional<bool> given_;
};

}  // namespace aconite::toxics
