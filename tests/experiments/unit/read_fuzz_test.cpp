// Whatever stands in a file, reading it comes to an end, with an experiment or with faults.
#include "clients/experiment/file/read.hpp"
#include "clients/experiment/run/kinds.hpp"
#include "clients/experiment/verbs/parts_check.hpp"
#include "clients/experiment/verbs/toxics_check.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace aconite::experiment {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> example_texts()
{
    std::vector<std::string> texts;
    for (auto const& each :
         fs::recursive_directory_iterator(ACONITE_SOURCE_DIR "/examples/experiments")) {
        if (each.path().extension() != ".yaml")
            continue;
        std::ifstream in(each.path(), std::ios::binary);
        texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    std::ranges::sort(texts);  // a folder has no order
    return texts;
}

/// Changes a text as a slip of the hand, a broken disk or a bad merge would.
class mutation {
public:
    explicit mutation(std::uint32_t seed) : random_(seed) {}

    void change(std::string& text, std::string const& other)
    {
        auto const at = below(text.size());
        auto const length = below(40);
        switch (below(8)) {
        case 0:
            text[at] = static_cast<char>(below(256));
            break;
        case 1:
            text.erase(at, length);
            break;
        case 2:
            text.insert(at, text.substr(below(text.size()), length));
            break;
        case 3:
            text.insert(at, other.substr(below(other.size()), length));
            break;
        case 4:
            text.resize(at);
            break;
        case 5:
            text.insert(at, pieces[below(std::size(pieces))]);
            break;
        case 6:  // a value is another one
            if (auto const colon = text.find(": ", at); colon != text.npos)
                text.replace(colon + 2, text.find('\n', colon) - colon - 2,
                             pieces[below(std::size(pieces))]);
            break;
        default:  // a line is where it does not belong
            if (auto const end = text.find('\n', at); end != text.npos)
                text.insert(end + 1, std::string(below(9), ' '));
        }
        if (text.empty())
            text = "a";
    }

    std::size_t below(std::size_t count) { return random_() % count; }

private:
    static constexpr std::string_view pieces[] = {"[",
                                                  "]",
                                                  "{",
                                                  "}",
                                                  "\"",
                                                  "'",
                                                  "&a ",
                                                  "*a",
                                                  "<<: ",
                                                  "- ",
                                                  "? ",
                                                  ": ",
                                                  "|\n",
                                                  ">\n",
                                                  "#",
                                                  "!x ",
                                                  "---\n",
                                                  "\t",
                                                  "${",
                                                  "${A:-",
                                                  "}",
                                                  "null",
                                                  "~",
                                                  "true",
                                                  "-1",
                                                  "1e999",
                                                  "10%",
                                                  "0x10",
                                                  "9999999999999999999",
                                                  "nan",
                                                  "((((",
                                                  "not ",
                                                  "a.b.c",
                                                  "[[]",
                                                  "{}",
                                                  "\xC3\x28",
                                                  "\r\n",
                                                  "%",
                                                  "@"};

    std::mt19937 random_;
};

void read_all(std::string const& text)
{
    static auto const kinds = all_kinds();
    faults found;
    std::vector<source> const sources{{"a.yaml", text}};
    auto const spec = read_experiment(sources, kinds, {.given = {{"RUN", "r1"}}}, found);
    if (!found.any()) {
        check_parts(spec, "/", found);
        check_toxics(spec, found);
    }
    for (auto const& each : found.all()) {
        auto const told = to_text(each, sources);
        ASSERT_TRUE(told.starts_with("a.yaml:")) << told;
        ASSERT_FALSE(each.text.empty());
    }
}

TEST(read_fuzz, no_mutation_of_an_example_is_more_than_a_fault)
{
    auto const texts = example_texts();
    ASSERT_GE(texts.size(), 25U);
    constexpr std::uint32_t rounds = 2'000;
    for (std::uint32_t round = 0; round < rounds; ++round) {
        SCOPED_TRACE(round);
        mutation random(round);
        auto text = texts[random.below(texts.size())];
        for (auto changes = random.below(4) + 1; changes > 0; --changes)
            random.change(text, texts[random.below(texts.size())]);
        read_all(text);
    }
}

TEST(read_fuzz, what_is_made_to_be_slow_is_refused_soon)
{
    auto const begin = std::chrono::steady_clock::now();
    auto const many = [](std::string_view piece, std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += piece;
        return text;
    };
    for (auto const& text :
         {many("[", 500'000), many("{a: ", 200'000), many("- ", 400'000), many("? ", 400'000),
          many("a: \"", 200'000), many("\"\" ", 300'000), many("&a ", 300'000),
          "name: " + many("${A", 300'000), "name: " + many("${A:-x}", 100'000),
          "name: x\nphases: [" + many("{name: \"x\"},", 60'000) + "]", many("a: b\n", 100'000),
          "name: x\nphases: []\nvalidation: [" + many("{expect: a},", 50'000) + "]"})
        read_all(text);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace aconite::experiment
