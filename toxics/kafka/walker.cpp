#include "toxics/kafka/walker.hpp"

#include <algorithm>

namespace aconite::kafka {
namespace {

constexpr std::size_t variable = incoming_number::variable;

}  // namespace

walker::walker(frame_layout const& layout, std::uint32_t size, visitor& who)
    : layout_(layout), size_(size), visitor_(&who)
{
    begin_message(*layout.header, layout.header_version);
}

void walker::feed(std::string_view bytes)
{
    bytes = bytes.substr(0, size_ - position_);
    settle();
    while (!bytes.empty() && !is_over()) {
        take(bytes);
        settle();
    }
}

void walker::on_unseen(std::uint64_t count)
{
    auto const passed = std::min(count, unseen());
    position_ += passed;
    left_ -= passed;
    if (passed > 0 && left_ == 0)
        end_value();
    settle();
}

/// Goes on as far as that takes no bytes.
void walker::settle()
{
    while (step_ == step::decide)
        decide();
    if (!is_over() && room() == 0)
        fail("it ends too early");
}

void walker::decide()
{
    auto& inmost = top();
    while (!inmost.in_tags && inmost.next < inmost.rows.size()) {
        auto const& what = inmost.rows[inmost.next++];
        if (is_here(what) && !is_tagged(what))
            return begin_field(what);
    }
    if (flexible_ && !inmost.in_tags)
        expect(goal::tag_count, variable);
    else if (inmost.tags > 0) {
        --inmost.tags;
        expect(goal::tag, variable);
    } else
        end_structure();
}

void walker::take(std::string_view& bytes)
{
    if (step_ == step::number)
        return take_number(bytes);
    auto const some = bytes.substr(0, left_);
    bytes.remove_prefix(some.size());
    position_ += some.size();
    left_ -= some.size();
    if (step_ == step::text)
        text_.append(some);
    if (left_ > 0)
        return;
    if (step_ == step::text)
        visitor_->on_text(*current_, here(), text_);
    end_value();
}

void walker::take_number(std::string_view& bytes)
{
    auto mine = bytes.substr(0, room());
    auto const before = mine.size();
    auto const state = number_.take(mine);
    auto const taken = before - mine.size();
    bytes.remove_prefix(taken);
    position_ += taken;
    if (state == incoming_number::state::too_long)
        fail("a number of too many bytes");
    else if (state == incoming_number::state::whole)
        on_number();
}

void walker::begin_message(message const& what, std::int16_t version)
{
    message_ = &what;
    version_ = version;
    flexible_ = what.flexible.contains(version);
    depth_ = 1;
    top() = level{.rows = rows(what.fields), .end = size_};
    step_ = step::decide;
}

void walker::begin_field(field const& what)
{
    current_ = &what;
    items_ = 0;
    wanted_ = !what.is_structure() && visitor_->wants(what);
    if (!what.is_array())
        begin_value();
    else if (is_compact())
        expect(goal::count, variable);
    else
        expect(goal::count, 4);
}

/// Of the current field, or the next of its array.
void walker::begin_value()
{
    auto const kind = current_->kind;
    begin_ = position_;
    if (kind == field_kind::structure) {
        if (may_be_null())
            expect(goal::presence, 1);
        else
            enter(1);
    } else if (auto const bytes = fixed_bytes(kind); bytes > 0) {
        if (!wanted_)
            pass(bytes);
        else if (kind == field_kind::uuid)
            collect(bytes);
        else
            expect(goal::value, bytes);
    } else if (is_compact())
        expect(goal::length, variable);
    else
        expect(goal::length, kind == field_kind::string ? 2 : 4);
}

/// The structure that is the current field, or the first of so many.
void walker::enter(std::uint32_t elements)
{
    if (depth_ == depth_max)
        return fail("it is too deep");
    auto const end = position_ + room();
    ++depth_;
    top() = level{
        .what = current_, .rows = rows(current_->fields), .elements = elements - 1, .end = end};
    visitor_->on_structure(*current_, position_);
    step_ = step::decide;
}

void walker::end_structure()
{
    auto& inmost = top();
    if (inmost.what == nullptr)
        return end_message();
    current_ = inmost.what;
    visitor_->on_structure_end(*current_, position_);
    if (inmost.elements > 0) {
        --inmost.elements;
        inmost.next = 0;
        inmost.in_tags = false;
        visitor_->on_structure(*current_, position_);
        return;
    }
    --depth_;
    end_value();
}

void walker::end_message()
{
    if (message_ == layout_.header)
        begin_message(*layout_.body, layout_.body_version);
    else if (position_ < size_)
        fail("it goes on behind its end");
    else
        step_ = step::finished;
}

/// Of the current field, or the last that was begun of its array.
void walker::end_value()
{
    if (items_ > 0) {
        --items_;
        return begin_value();
    }
    if (current_ != nullptr && current_->is_array())
        visitor_->on_array_end(*current_, position_);
    end_field();
}

void walker::end_field()
{
    step_ = step::decide;
    auto& inmost = top();
    if (inmost.tag_field == nullptr)
        return;
    if (position_ != inmost.tag_end)
        return fail("a tagged field is shorter than it says");
    visitor_->on_tagged_end(*inmost.tag_field, position_);
    inmost.tag_field = nullptr;
}

/// The next bytes are a number of so many.
void walker::expect(goal what, std::size_t bytes)
{
    begin_ = position_;
    goal_ = what;
    number_.expect(bytes);
    step_ = step::number;
}

void walker::collect(std::uint64_t bytes)
{
    text_.clear();
    left_ = bytes;
    step_ = step::text;
    if (bytes > room())
        fail("a value longer than its frame");
    else if (bytes == 0) {
        visitor_->on_text(*current_, here(), text_);
        end_value();
    }
}

void walker::pass(std::uint64_t bytes)
{
    left_ = bytes;
    step_ = step::pass;
    if (bytes > room())
        fail("a value longer than its frame");
    else if (bytes == 0)
        end_value();
}

void walker::fail(std::string_view why)
{
    error_ = why;
    step_ = step::failed;
}

bool walker::is_here(field const& what) const
{
    return what.versions.contains(version_);
}

bool walker::is_tagged(field const& what) const
{
    return what.tag >= 0 && is_here(what) && what.tagged.contains(version_);
}

bool walker::is_compact() const
{
    return flexible_ && current_->flexible.contains(version_);
}

/// How many bytes there may be for what is read.
std::uint64_t walker::room() const
{
    auto const& inmost = top();
    return (inmost.tag_field != nullptr ? inmost.tag_end : inmost.end) - position_;
}

}  // namespace aconite::kafka
