// The only place that lists the built-in toxics. Add yours here.

#include <aconite/toxic_type.hpp>

// clang-format off
#define BUILTIN_TOXICS(row) \
    row(accept)             \
    row(bandwidth)          \
    row(coalesce)           \
    row(corrupt)            \
    row(frame)              \
    row(kafka)              \
    row(latency)            \
    row(limit_data)         \
    row(limit_time)         \
    row(loss)               \
    row(mongodb)            \
    row(noop)               \
    row(packet_loss)        \
    row(partition)          \
    row(postgres)           \
    row(redis)              \
    row(reset_peer)         \
    row(slicer)             \
    row(slow_close)         \
    row(stall)              \
    row(substitute)         \
    row(timeout)
// clang-format on

namespace aconite {

namespace toxics {
#define DECLARE(name) extern toxic_type const name##_type;
BUILTIN_TOXICS(DECLARE)
#undef DECLARE
}  // namespace toxics

toxic_registry toxic_registry::builtin()
{
    toxic_registry registry;
#define ADD(name) registry.add(toxics::name##_type);
    BUILTIN_TOXICS(ADD)
#undef ADD
    return registry;
}

}  // namespace aconite
