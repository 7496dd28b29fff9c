#include "toxics/kafka/response_rewriter.hpp"
#include "toxics/kafka/layout.hpp"
#include "toxics/kafka/number.hpp"

#include <algorithm>
#include <utility>

namespace aconite::kafka {
namespace {

/// A length is a number with a sign.
constexpr std::uint64_t frame_bytes_max = INT32_MAX;

}  // namespace

response_rewriter::response_rewriter(std::int16_t api_key, std::int16_t version,
                                     std::uint32_t frame_size, address_book& book,
                                     std::uint32_t hold_bytes_max)
    : size_(frame_size)
{
    auto const* const how = find_carrier(api_key, version);
    auto const layout = layout_of(direction::response, api_key, version);
    if (how == nullptr || !layout)
        return;
    hold_bytes_max_ = std::min(how->hold_bytes_max, hold_bytes_max);
    if (frame_size <= hold_bytes_max_ || how->ends_with_brokers) {
        bool const compact = layout->body->flexible.contains(version);
        mode_ = mode::hold;
        walker_.emplace(*layout, frame_size,
                        edit_.emplace(held_, compact, how->ends_with_brokers, book));
    } else if (how->is_hint) {
        mode_ = mode::hide;
        walker_.emplace(*layout, frame_size, hider_.emplace(frame_size));
    } else
        give_up("too large");
}

void response_rewriter::feed(std::string_view bytes, byte_sink const& out)
{
    bytes = bytes.substr(0, size_ - seen_);
    seen_ += bytes.size();
    if (mode_ == mode::hold)
        bytes = hold(bytes, out);
    if (!begun_ && mode_ != mode::hold)
        put_length(size_, out);
    if (bytes.empty())
        return;
    if (mode_ == mode::hide)
        hide(bytes, out);
    else if (mode_ == mode::pass)
        out(bytes);
}

std::uint64_t response_rewriter::unseen() const
{
    if (!begun_)
        return 0;
    if (mode_ == mode::hide)
        return hider_->bytes().empty() ? walker_->unseen() : 0;
    return size_ - seen_;
}

void response_rewriter::on_unseen(std::uint64_t count)
{
    auto const passed = std::min(count, unseen());
    seen_ += passed;
    if (mode_ != mode::hide)
        return;
    walker_->on_unseen(passed);
    look_for_end();
}

void response_rewriter::cut_off(byte_sink const& out)
{
    if (mode_ != mode::hold)
        return;
    put_length(size_, out);
    if (!held_.empty())
        out(held_);
    mode_ = mode::pass;
    held_ = std::string();
}

/// Holds what it may; what is behind that, when it holds no longer.
std::string_view response_rewriter::hold(std::string_view bytes, byte_sink const& out)
{
    auto const some = bytes.substr(0, hold_bytes_max_ - held_.size());
    bytes.remove_prefix(some.size());
    held_.append(some);
    walker_->feed(some);
    bool const is_whole = edit_->is_complete() || walker_->finished();
    if (edit_->is_too_large() || size_ + edit_->growth() > frame_bytes_max)
        give_up("too large with these addresses");
    else if (!is_whole && !walker_->error().empty())
        give_up(walker_->error());
    else if (!is_whole && held_.size() == hold_bytes_max_)
        give_up("too large");
    else if (!is_whole)
        return {};
    let_go(out);
    return bytes;
}

/// What was held goes on, as it was or as it was made.
void response_rewriter::let_go(byte_sink const& out)
{
    std::string_view rest = held_;
    if (mode_ == mode::hold) {
        rest.remove_prefix(edit_->copied());
        put_length(size_ + edit_->growth(), out);
        counts_.rewritten = edit_->counts().rewritten;
        counts_.outside = edit_->counts().outside;
        if (!edit_->made().empty())
            out(edit_->made());
    } else
        put_length(size_, out);
    if (!rest.empty())
        out(rest);
    mode_ = mode::pass;
    walker_.reset();
    edit_.reset();
    held_ = std::string();
}

/// Passes all of it on, with what has to be changed.
void response_rewriter::hide(std::string_view bytes, byte_sink const& out)
{
    auto const begin = seen_ - bytes.size();
    auto const& by = hider_->bytes();
    if (by.empty())
        walker_->feed(bytes);
    if (by.empty()) {
        look_for_end();
        return out(bytes);
    }
    counts_.hidden = 1;
    std::string changed(bytes);
    for (std::size_t i = 0; i < by.size(); ++i)
        if (auto const at = hider_->offset() + i; at >= begin && at < seen_)
            changed[static_cast<std::size_t>(at - begin)] = by[i];
    if (seen_ >= hider_->offset() + by.size())
        mode_ = mode::pass;
    out(changed);
}

/// There is nothing more to be hidden.
void response_rewriter::look_for_end()
{
    auto const why = hider_->error().empty() ? walker_->error() : hider_->error();
    if (!why.empty())
        give_up(why);
    else if (walker_->finished())
        mode_ = mode::pass;
}

void response_rewriter::give_up(std::string_view why)
{
    error_ = why;
    counts_.bypassed = 1;
    mode_ = mode::pass;
}

void response_rewriter::put_length(std::uint64_t size, byte_sink const& out)
{
    std::string length;
    aconite::kafka::put_number(length, size, 4);
    out(length);
    begun_ = true;
}

}  // namespace aconite::kafka
