// What a walker does with a number that is whole: it is a value, or tells how much follows.
#include "toxics/kafka/walker.hpp"

#include <algorithm>

namespace aconite::kafka {
namespace {

constexpr bool is_unsigned(field_kind kind)
{
    return kind == field_kind::boolean || kind == field_kind::uint16;
}

}  // namespace

void walker::on_number()
{
    switch (goal_) {
    case goal::value:
        visitor_->on_number(*current_, here(),
                            is_unsigned(current_->kind) ? static_cast<std::int64_t>(number_.value())
                                                        : number_.signed_value());
        return end_value();
    case goal::presence:
        return number_.signed_value() < 0 ? end_value() : enter(1);
    case goal::length:
        return on_length();
    case goal::count:
        return on_count();
    case goal::tag_count:
        if (number_.value() > room() / 2)
            return fail("more tagged fields than bytes");
        top().in_tags = true;
        top().tags = static_cast<std::uint32_t>(number_.value());
        step_ = step::decide;
        return;
    case goal::tag:
        return on_tag();
    case goal::tag_size:
        return on_tag_size();
    }
}

/// Of a string, or of bytes.
void walker::on_length()
{
    auto const length = is_compact() ? number_.signed_value() - 1 : number_.signed_value();
    if (length == -1 && may_be_null() && !current_->is_array()) {
        if (wanted_)
            visitor_->on_text(*current_, here(), std::nullopt);
        return end_value();
    }
    if (length < 0)
        return fail("a length less than nothing");
    auto const bytes = static_cast<std::uint64_t>(length);
    if (bytes > room())
        return fail("a text longer than its frame");
    if (wanted_ && bytes <= text_bytes_max)
        return collect(bytes);
    if (wanted_)
        visitor_->on_long_text(*current_, {begin_, position_ + bytes});
    pass(bytes);
}

/// Of an array's elements.
void walker::on_count()
{
    auto const count = is_compact() ? number_.signed_value() - 1 : number_.signed_value();
    if (count == -1 && may_be_null()) {
        visitor_->on_array(*current_, here(), std::nullopt);
        return end_field();
    }
    if (count < 0)
        return fail("a length less than nothing");
    // There are none that take no bytes, but in versions without a field of theirs.
    if (static_cast<std::uint64_t>(count) > room())
        return fail("an array longer than its frame");
    auto const elements = static_cast<std::uint32_t>(count);
    visitor_->on_array(*current_, here(), elements);
    auto const bytes = fixed_bytes(current_->kind);
    if (elements == 0)
        end_value();
    else if (current_->is_structure())
        enter(elements);
    else if (!wanted_ && bytes > 0)
        pass(std::uint64_t{elements} * bytes);
    else {
        items_ = elements - 1;
        begin_value();
    }
}

void walker::on_tag()
{
    auto const tag = static_cast<std::uint32_t>(number_.value());
    auto const all = top().rows;
    auto const known = std::ranges::find_if(all, [&](field const& each) {
        return is_tagged(each) && static_cast<std::uint32_t>(each.tag) == tag;
    });
    tag_field_ = known == all.end() ? nullptr : &*known;
    visitor_->on_tag(tag_field_, tag, here());
    expect(goal::tag_size, incoming_number::variable);
}

void walker::on_tag_size()
{
    auto const size = static_cast<std::uint32_t>(number_.value());
    if (size > room())
        return fail("a tagged field longer than what it is in");
    visitor_->on_tagged(tag_field_, here(), size);
    items_ = 0;
    if (tag_field_ == nullptr) {
        current_ = nullptr;
        return pass(size);
    }
    top().tag_end = position_ + size;
    top().tag_field = tag_field_;
    begin_field(*tag_field_);
}

}  // namespace aconite::kafka
