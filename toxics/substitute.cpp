// Replaces what a regular expression finds in a stream, wherever the reads were cut.

#include "toxics/stream_replacer.hpp"

#include <aconite/toxic_type.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace aconite::toxics {
namespace {

/// In bytes: bounds what one read can grow to.
constexpr std::size_t replacement_max = 1000;

constexpr attribute substitute_attributes[] = {
    {.name = "pattern",
     .summary = "a regular expression (RE2) over bytes; what it fits is replaced",
     .kind = attribute_kind::pattern},
    {.name = "replacement",
     .summary = "what takes its place; \\0 is the match, \\1 to \\9 are its groups",
     .kind = attribute_kind::text},
    {.name = "window",
     .unit = "bytes",
     .summary = "the longest match that is found",
     .fallback = 256,
     .minimum = 1,
     .maximum = 4096},
    {.name = "wait",
     .unit = "ms",
     .summary = "how long bytes wait that may be the beginning of a match",
     .fallback = 10,
     .maximum = 60'000},
};

class substitute final : public toxic {
public:
    substitute(std::size_t window, duration wait) : text_(window), wait_(wait) {}

    void on_start(toxic const* previous, toxic_context& link) override
    {
        if (previous == nullptr)
            return;
        auto const& before = static_cast<substitute const&>(*previous);
        text_.take_over(before.text_);
        offset_ = before.offset_;
        since_ = before.since_;
        go_on(stream_replacer::until::all, link);
    }

    void on_data(chunk c, toxic_context& link) override
    {
        auto const held = text_.held_bytes();
        if (!offset_)
            offset_ = c.offset;
        if (held == 0)
            since_ = c.arrived;
        text_.add(c.bytes.view());
        go_on(wait_ == duration::zero() ? stream_replacer::until::all
                                        : stream_replacer::until::known,
              link);
        // What waited before has left, but for what came now.
        if (text_.held_bytes() <= c.bytes.size())
            since_ = c.arrived;
        link.wake_at(text_.held_bytes() == 0 ? never : later(since_, wait_));
    }

    void on_end(ending how, toxic_context& link) override
    {
        go_on(stream_replacer::until::end, link);
        link.end(how, link.now());
    }

    void on_alarm(toxic_context& link) override { go_on(stream_replacer::until::all, link); }
    void on_remove(toxic_context& link) override { on_alarm(link); }

private:
    void go_on(stream_replacer::until how, toxic_context& link)
    {
        auto const& by = static_cast<substitution const&>(*link.common());
        auto const out = text_.decide(by, how, [&link] { return link.hit(); });
        if (out.empty())
            return;
        link.forward({slice::copy_of(out), since_, *offset_}, link.now());
        *offset_ += out.size();
    }

    stream_replacer text_;
    duration wait_;
    time_point since_{};                   ///< arrival of the oldest byte that waits
    std::optional<std::uint64_t> offset_;  ///< of the next byte that goes on
};

std::unique_ptr<toxic> make_substitute(attribute_values const& values)
{
    return std::make_unique<substitute>(static_cast<std::size_t>(values["window"]),
                                        values.ms("wait"));
}

std::shared_ptr<toxic_common> make_substitution(attribute_values const& values)
{
    return std::make_shared<substitution>(values.text("pattern"), values.text("replacement"));
}

result<void> check_substitute(attribute_values const& values)
{
    auto const size = values.text("replacement").size();
    if (size > replacement_max)
        return problem{400, "bad request body: attribute 'replacement' must be a text of at most " +
                                std::to_string(replacement_max) + " bytes, not " +
                                std::to_string(size)};
    return substitution(values.text("pattern"), values.text("replacement")).check();
}

}  // namespace

extern constinit toxic_type const substitute_type{
    .name = "substitute",
    .summary = "replaces what a regular expression finds in the data",
    .attributes = substitute_attributes,
    .make = &make_substitute,
    .check = &check_substitute,
    .make_common = &make_substitution,
};

}  // namespace aconite::toxics
