#include "clients/experiment/load/request_text.hpp"

#include "clients/experiment/load/drawn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace aconite::experiment {
namespace {

/// Of version 4, which says that it is drawn.
void append_uuid(std::string& out, std::uint64_t high, std::uint64_t low)
{
    high = (high & ~0xf000ULL) | 0x4000U;
    low = (low & ~(3ULL << 62)) | (2ULL << 62);
    fmt::format_to(std::back_inserter(out), "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32,
                   (high >> 16) & 0xffffU, high & 0xffffU, low >> 48, low & 0xffffffffffffULL);
}

}  // namespace

request_text::request_text(std::string_view text)
{
    struct placeholder {
        std::string_view name;
        slot what;
    };
    constexpr placeholder all[] = {{"{n}", slot::number},
                                   {"{key}", slot::key},
                                   {"{uuid}", slot::uuid},
                                   {"{connection}", slot::connection}};
    std::size_t plain = 0;  // bytes that are no placeholder
    while (plain < text.size()) {
        auto const* const found = std::ranges::find_if(all, [&](placeholder const& each) {
            return text.substr(plain).starts_with(each.name);
        });
        if (found == std::end(all)) {
            ++plain;
            continue;
        }
        parts_.push_back({std::string(text.substr(0, plain)), found->what});
        text.remove_prefix(plain + found->name.size());
        plain = 0;
    }
    if (!text.empty())
        parts_.push_back({std::string(text), slot::none});
}

void request_text::fill(std::string& out, request_draws const& draws, std::uint64_t number,
                        std::size_t connection) const
{
    auto const to = std::back_inserter(out);
    for (auto const& each : parts_) {
        out += each.before;
        switch (each.then) {
        case slot::none:
            break;
        case slot::number:
            fmt::format_to(to, "{}", number);
            break;
        case slot::key:
            fmt::format_to(to, "{}", draws.keys.key(number));
            break;
        case slot::uuid:
            append_uuid(out, drawn(draws.seed, draw_for::uuid_high, number),
                        drawn(draws.seed, draw_for::uuid_low, number));
            break;
        case slot::connection:
            fmt::format_to(to, "{}", connection);
            break;
        }
    }
}

std::string request_text::filled(request_draws const& draws, std::uint64_t number,
                                 std::size_t connection) const
{
    std::string out;
    fill(out, draws, number, connection);
    return out;
}

}  // namespace aconite::experiment
