#pragma once

#include <memory>

namespace aconite::toxics {

/// That a fault will end the connection at an answer which is still to come: until then no toxic
/// has a say in what the client asks for. It lasts as long as somebody waits for that answer with
/// the fault.
class doom {
public:
    /// `by` is kept by nobody but who waits.
    void set(std::shared_ptr<void const> const& by) { by_ = by; }
    [[nodiscard]] bool is_set() const { return !by_.expired(); }

private:
    std::weak_ptr<void const> by_;
};

}  // namespace aconite::toxics
