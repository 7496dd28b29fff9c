// Rows that the server takes.
#include "toxics/postgres/follower.hpp"
#include "toxics/postgres/frames.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace aconite::postgres {

/// The server takes rows now. Up to their end it ignores every Sync; anything else that stands
/// there makes the COPY fail, and of a COPY in a simple Query it gets no answer of its own.
void follower::begin_copy_in()
{
    using kind = asked::kind;
    auto const behind = asked_.begin() + 1;
    auto const other = std::ranges::find_if(behind, asked_.end(),
                                            [](auto const& a) { return a.is != kind::sync; });
    bool const ends = other != asked_.end() && other->is == kind::copy_end;
    bool const fails = other != asked_.end() && !ends;
    bool const is_part = ends || (fails && asked_.front().is == kind::query);
    asked_.erase(behind, is_part ? other + 1 : other);
    copy_in_ = !ends && !fails;
}

/// The server takes rows of which the client does not know.
void follower::fail_copy_in(conversation_context& link)
{
    auto const count = asked_.size();
    begin_copy_in();
    if (!std::exchange(copy_in_, false) || of(stream::upstream).rest > 0)
        return;  // it fails by itself
    using namespace std::string_literals;
    put(stream::upstream, frame('f', "its client was told of an error\0"s), link);
    if (asked_.size() == count)
        return;
    // The client's own Sync was ignored.
    put(stream::upstream, frame('S', ""), link);
    asked_.push_back({asked::kind::sync, false, nullptr});
}

}  // namespace aconite::postgres
