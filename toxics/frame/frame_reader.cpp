#include "toxics/frame/frame_reader.hpp"

#include <algorithm>

namespace aconite::frame {

frame_reader::frame_reader(framing const& how, std::uint64_t skip) : how_(how), preamble_(skip > 0)
{
    if (preamble_)
        size_ = skip;
    else
        restart();
}

void frame_reader::restart()
{
    seen_ = 0;
    preamble_ = false;
    whole_ = false;
    kept_.clear();
    size_ =
        how_.kind == framing_kind::fixed ? std::optional<std::uint64_t>(how_.bytes) : std::nullopt;
}

std::size_t frame_reader::feed(std::string_view bytes)
{
    bool const delimited = !preamble_ && how_.kind == framing_kind::delimiter;
    return delimited ? feed_delimited(bytes) : feed_sized(bytes);
}

void frame_reader::skip(std::uint64_t count)
{
    seen_ += count;
    whole_ = seen_ == size_;
}

std::size_t frame_reader::feed_sized(std::string_view bytes)
{
    std::size_t taken = 0;
    if (!size_) {
        taken = std::min(bytes.size(), how_.header_bytes() - kept_.size());
        kept_.append(bytes.substr(0, taken));
        seen_ += taken;
        if (kept_.size() < how_.header_bytes())
            return taken;
        size_ = how_.size_of(kept_);
        bad_ = !size_;
        if (bad_)
            return taken;
    }
    auto const rest =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size() - taken, *size_ - seen_));
    seen_ += rest;
    whole_ = seen_ == *size_;
    return taken + rest;
}

std::size_t frame_reader::feed_delimited(std::string_view bytes)
{
    auto const& text = how_.delimiter;
    auto const before = kept_.size();
    std::size_t taken = bytes.size();
    // It may lie across what was read before.
    kept_.append(bytes.substr(0, text.size() - 1));
    if (auto const at = kept_.find(text); at != kept_.npos) {
        taken = at + text.size() - before;
        whole_ = true;
    } else if (auto const found = bytes.find(text); found != bytes.npos) {
        taken = found + text.size();
        whole_ = true;
    } else if (bytes.size() >= text.size()) {
        kept_.assign(bytes.substr(bytes.size() - (text.size() - 1)));
    } else if (kept_.size() >= text.size()) {
        kept_.erase(0, kept_.size() - (text.size() - 1));
    }
    seen_ += taken;
    if (whole_)
        size_ = seen_;
    bad_ = seen_ > how_.largest;
    return taken;
}

}  // namespace aconite::frame
