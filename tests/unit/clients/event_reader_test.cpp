#include "clients/cpp/event_reader.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace aconite::client {
namespace {

using events = std::vector<std::pair<std::string, std::string>>;

/// What a reader makes of `text` that comes in parts of `size`.
events read_in_parts(std::string const& text, std::size_t size)
{
    events seen;
    event_reader reader(
        [&](std::string_view event, std::string_view data) { seen.emplace_back(event, data); });
    for (std::size_t from = 0; from < text.size(); from += size)
        reader.read(std::string_view(text).substr(from, size));
    return seen;
}

TEST(event_reader, tells_each_event_however_it_was_cut)
{
    std::string const text = "id: 1\nevent: hit\ndata: {\"a\":1}\n\n"
                             ":\n\n"
                             "event: missed\ndata:{\"missed\":2}\n\n"
                             "event: open\ndata: not whole yet\n";
    events const expected{{"hit", R"({"a":1})"}, {"missed", R"({"missed":2})"}};
    for (std::size_t size = 1; size <= text.size(); ++size)
        EXPECT_EQ(read_in_parts(text, size), expected) << size;
}

}  // namespace
}  // namespace aconite::client
