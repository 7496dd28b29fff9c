#include "toxics/kafka/endpoint_hider.hpp"

namespace aconite::kafka {
namespace {

/// No message has so many tagged fields. It is what it says as a number of one byte, and also as
/// the last of a longer one.
constexpr char unused_tag = 0x7F;
/// As it has to stand in two bytes.
constexpr std::uint64_t tag_size_max = 0x3FFF;

bool is_endpoints(field const& what)
{
    return what.name == "NodeEndpoints";
}

}  // namespace

void endpoint_hider::on_tag(field const* what, std::uint32_t, place where)
{
    if (what == nullptr || !is_endpoints(*what) || !bytes_.empty())
        return;
    offset_ = where.end - 1;
    bytes_ = unused_tag;
}

void endpoint_hider::on_array(field const& what, place where, std::optional<std::uint32_t> count)
{
    if (!is_endpoints(what) || !bytes_.empty() || count.value_or(0) == 0)
        return;
    // No elements, one tagged field, its tag, its size.
    constexpr std::uint64_t begin_bytes = 5;
    auto const left = frame_size_ - where.begin;
    if (where.end - where.begin > 1)
        error_ = "too many endpoints to be hidden";
    else if (left < begin_bytes || left - begin_bytes > tag_size_max)
        error_ = "too many bytes of endpoints to be hidden";
    else {
        auto const size = left - begin_bytes;
        offset_ = where.begin;
        bytes_ = {1, 1, unused_tag, static_cast<char>((size & 0x7F) | 0x80),
                  static_cast<char>(size >> 7)};
    }
}

}  // namespace aconite::kafka
