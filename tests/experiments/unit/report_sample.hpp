#pragma once

#include "clients/experiment/report/reading.hpp"

#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace aconite::experiment {

/// A whole report, of a run that did not hold.
inline json sample_report()
{
    std::ifstream file(ACONITE_SOURCE_DIR "/tests/experiments/samples/lost-event.json");
    return json::parse(file);
}

/// Texts that try to break out of whatever they stand in.
inline std::vector<std::string> hostile_texts()
{
    return {"</script><script>alert(1)</script>",
            "\"><img src=http://evil.example/x onerror=alert(1)>",
            "' onmouseover='alert(1)",
            "</title></style></pre></code></svg><b>",
            "<!-- ",
            "]]>",
            "&amp;&#0;&nosuch;",
            "a | b || c\\| d",
            "one\ntwo\r\n\r\n# title\n---\n- list",
            "```\n# out of the block\n````",
            "`` ` ```",
            "[link](javascript:alert(1)) ![x](http://evil.example/)",
            std::string("nul ") + '\0' + " and \x1b[31m escape \x07",
            "bad utf-8 \xff\xfe \xc0\xaf \xed\xa0\x80 \xf5 \xe2\x82",
            "\xE2\x80\xAEright to left\xEF\xBF\xBE\xEF\xBF\xBF",
            std::string(3000, 'x'),
            ""};
}

/// Calls `each` with the place of every value in `of`, the whole among them.
template <class F>
void for_each_value(json& of, F const& each)
{
    each(of);
    if (of.is_structured())
        for (auto& inner : of)
            for_each_value(inner, each);
}

/// The sample with `text` in place of every text.
inline json sample_with(std::string const& text)
{
    auto report = sample_report();
    for_each_value(report, [&](json& each) {
        if (each.is_string())
            each = text;
    });
    return report;
}

/// The sample with some of it gone and some of it of another type.
inline json damaged_sample(std::mt19937_64& random)
{
    static json const others[] = {nullptr,
                                  true,
                                  -1,
                                  1e308,
                                  -1e308,
                                  "text",
                                  "",
                                  json::array(),
                                  18446744073709551615u,
                                  json::object(),
                                  json::array({1, "a", nullptr}),
                                  json{{"name", 3}},
                                  0,
                                  json::array({json::array()})};
    auto report = sample_report();
    std::vector<json*> places;
    for_each_value(report, [&](json& each) { places.push_back(&each); });
    // From the last to the first: what is inside of a place stands behind it.
    auto const share = 1.0 / static_cast<double>(1 + random() % 300);
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
        if (std::generate_canonical<double, 53>(random) > share)
            continue;
        if ((*place)->is_structured() && !(*place)->empty() && random() % 2 == 0)
            (*place)->erase(std::next((*place)->begin(),
                                      static_cast<std::ptrdiff_t>(random() % (*place)->size())));
        else
            **place = others[random() % std::size(others)];
    }
    return report;
}

}  // namespace aconite::experiment
