// Flips bits, as a broken router or a memory error behind TCP's weak checksum does.

#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace aconite::toxics {
namespace {

constexpr attribute corrupt_attributes[] = {
    {.name = "rate",
     .summary = "share of the bytes that get one wrong bit",
     .maximum = 1,
     .kind = attribute_kind::number},
};

class corrupt final : public toxic {
public:
    explicit corrupt(double rate) : rate_(rate) {}

    void on_data(chunk c, toxic_context& link) override
    {
        if (rate_ > 0)
            c.bytes = corrupted(c, link);
        link.pass(std::move(c));
    }

private:
    /// Each byte draws for itself, so that the result does not depend on how the data was read.
    /// Copied only once a bit is wrong: others may share the memory.
    [[nodiscard]] slice corrupted(chunk const& c, toxic_context& link) const
    {
        slice changed;
        std::span<char> memory;
        auto const bytes = c.bytes.view();
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            auto const drawn = link.random(c.offset + i);
            if (drawn >= rate_ || !link.hit())
                continue;
            if (memory.empty()) {
                changed = slice::uninitialised(bytes.size(), memory);
                std::ranges::copy(bytes, memory.begin());
            }
            auto const bit = std::min(static_cast<unsigned>(drawn / rate_ * 8), 7U);
            memory[i] = static_cast<char>(static_cast<unsigned char>(memory[i]) ^ (1U << bit));
        }
        return changed.empty() ? c.bytes : changed;
    }

    double rate_;
};

std::unique_ptr<toxic> make_corrupt(attribute_values const& values)
{
    return std::make_unique<corrupt>(values.number("rate"));
}

}  // namespace

extern constinit toxic_type const corrupt_type{
    .name = "corrupt",
    .summary = "flips one bit of a byte now and then",
    .attributes = corrupt_attributes,
    .make = &make_corrupt,
};

}  // namespace aconite::toxics
