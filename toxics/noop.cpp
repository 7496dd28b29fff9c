// Passes everything on: for clients that want a toxic that does nothing.

#include <aconite/toxic_type.hpp>

namespace aconite::toxics {
namespace {

class noop final : public toxic {
public:
    void on_data(chunk c, toxic_context& link) override { link.pass(std::move(c)); }
};

std::unique_ptr<toxic> make_noop(attribute_values const&)
{
    return std::make_unique<noop>();
}

}  // namespace

extern constinit toxic_type const noop_type{
    .name = "noop",
    .summary = "changes nothing",
    .attributes = {},
    .make = &make_noop,
    .lenient = true,
};

}  // namespace aconite::toxics
