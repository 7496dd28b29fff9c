// Closes the connection once so many bytes have passed.

#include <aconite/toxic_type.hpp>

#include <limits>

namespace aconite::toxics {
namespace {

constexpr attribute limit_data_attributes[] = {
    {.name = "bytes",
     .unit = "bytes",
     .summary = "how much passes before the close",
     .maximum = std::numeric_limits<std::int64_t>::max()},
};

class limit_data final : public toxic {
public:
    explicit limit_data(std::int64_t limit_bytes)
        : limit_bytes_(static_cast<std::uint64_t>(limit_bytes))
    {}

    void on_start(toxic const* previous, toxic_context&) override
    {
        if (previous != nullptr)
            passed_bytes_ = static_cast<limit_data const*>(previous)->passed_bytes_;
    }

    void on_data(chunk c, toxic_context& link) override
    {
        auto const at = c.arrived;
        // An update may have put the limit below what has passed already.
        auto const left = limit_bytes_ > passed_bytes_ ? limit_bytes_ - passed_bytes_ : 0;
        auto const last = c.bytes.size() >= left && link.hit_once();
        if (last)
            c.bytes = c.bytes.take_front(static_cast<std::size_t>(left));
        passed_bytes_ += c.bytes.size();
        if (!c.bytes.empty())
            link.forward(std::move(c), at);
        if (last)
            link.end(ending::close, at);
    }

private:
    std::uint64_t limit_bytes_;
    std::uint64_t passed_bytes_ = 0;
};

std::unique_ptr<toxic> make_limit_data(attribute_values const& values)
{
    return std::make_unique<limit_data>(values["bytes"]);
}

}  // namespace

extern constinit toxic_type const limit_data_type{
    .name = "limit_data",
    .summary = "closes the connection after so many bytes",
    .attributes = limit_data_attributes,
    .make = &make_limit_data,
    .lenient = true,
};

}  // namespace aconite::toxics
