// Cuts data into small pieces, with a pause between them.

#include <aconite/toxic_type.hpp>

#include <algorithm>

namespace aconite::toxics {
namespace {

constexpr std::int64_t size_max_bytes = 1'000'000'000'000;

constexpr attribute slicer_attributes[] = {
    {.name = "average_size",
     .unit = "bytes",
     .summary = "mean size of a piece; 0 cuts nothing",
     .maximum = size_max_bytes},
    {.name = "size_variation",
     .unit = "bytes",
     .summary = "sizes vary by up to this, both ways; at most average_size",
     .maximum = size_max_bytes},
    {.name = "delay", .unit = "us", .summary = "pause after each piece"},
};

class slicer final : public toxic {
public:
    slicer(std::int64_t average_bytes, std::int64_t variation_bytes, duration pause)
        : average_bytes_(average_bytes), variation_bytes_(variation_bytes), pause_(pause)
    {}

    void on_data(chunk c, toxic_context& link) override
    {
        if (average_bytes_ == 0 || !link.hit()) {
            link.pass(std::move(c));
            return;
        }
        next_ = std::max(next_, c.arrived);
        while (!c.bytes.empty()) {
            auto const size = std::min(size_at(c.offset, link), c.bytes.size());
            chunk piece{c.bytes.take_front(size), c.arrived, c.offset};
            c.offset += size;
            link.forward(std::move(piece), next_);
            next_ = later(next_, pause_);
        }
    }

private:
    /// Size of the piece that starts at `offset`: every size in reach is as likely.
    [[nodiscard]] std::size_t size_at(std::uint64_t offset, toxic_context const& link) const
    {
        auto size = average_bytes_;
        if (variation_bytes_ != 0) {
            auto const sizes = static_cast<double>(2 * variation_bytes_ + 1);
            size += static_cast<std::int64_t>(link.random(offset) * sizes) - variation_bytes_;
        }
        return static_cast<std::size_t>(std::max<std::int64_t>(size, 1));
    }

    std::int64_t average_bytes_;
    std::int64_t variation_bytes_;
    duration pause_;
    time_point next_ = time_point::min();
};

std::unique_ptr<toxic> make_slicer(attribute_values const& values)
{
    return std::make_unique<slicer>(values["average_size"], values["size_variation"],
                                    values.us("delay"));
}

result<void> check_slicer(attribute_values const& values)
{
    auto const average = values["average_size"];
    auto const variation = values["size_variation"];
    if (average == 0 || variation <= average)
        return {};
    return problem{400, "bad request body: attribute 'size_variation' must be between 0 and " +
                            std::to_string(average) + " bytes (average_size), not " +
                            std::to_string(variation)};
}

}  // namespace

extern constinit toxic_type const slicer_type{
    .name = "slicer",
    .summary = "cuts data into small pieces with a delay after each",
    .attributes = slicer_attributes,
    .make = &make_slicer,
    .lenient = true,
    .check = &check_slicer,
};

}  // namespace aconite::toxics
