// aconite_toxic_docs [--check] DOCS: writes DOCS/toxics.md and DOCS/toxics from the rows of the
// built-in toxics and from DOCS/toxics/text; with --check only tells which of them are not as it
// would write them.

#include "docs/generate/pages.hpp"
#include "docs/generate/picture.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <span>
#include <variant>

namespace aconite::docs {
namespace {

namespace fs = std::filesystem;

/// Text by file.
using files = std::map<fs::path, std::string>;

files made_from(fs::path const& docs)
{
    auto const registry = toxic_registry::builtin();
    std::vector<toxic_source> toxics;
    for (auto const* type : registry.all())
        toxics.push_back(read_source(*type, docs / "toxics/text"));

    files made{{docs / "toxics.md", overview_of(toxics, docs / "toxics/text")}};
    for (auto const& toxic : toxics) {
        auto const page = docs / "toxics" / toxic.type->name;
        made[page.string() + ".md"] = page_of(toxic);
        if (toxic.scene)
            made[page.string() + ".svg"] =
                std::visit([](auto const& s) { return picture_of(s); }, *toxic.scene);
    }
    return made;
}

/// What is in DOCS/toxics but not in `made`: of a toxic that is no more.
std::vector<fs::path> left_over(fs::path const& docs, files const& made)
{
    std::vector<fs::path> found;
    for (auto const& entry : fs::directory_iterator(docs / "toxics"))
        if (entry.is_regular_file() && !made.contains(entry.path()))
            found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
}

int check(fs::path const& docs, files const& made)
{
    auto stale = left_over(docs, made);
    for (auto const& [file, text] : made)
        if (!fs::exists(file) || read_text(file) != text)
            stale.push_back(file);
    for (auto const& file : stale)
        std::printf("%s is not what the toxics' rows say: run ./dev docs\n", file.c_str());
    std::printf("%zu files compared, %zu problems\n", made.size(), stale.size());
    return stale.empty() ? 0 : 1;
}

int write(fs::path const& docs, files const& made)
{
    for (auto const& file : left_over(docs, made))
        fs::remove(file);
    for (auto const& [file, text] : made) {
        std::ofstream out(file, std::ios::binary);
        out << text;
        if (!out.flush())
            throw std::runtime_error("cannot write " + file.string());
    }
    std::printf("%zu files written\n", made.size());
    return 0;
}

int run(std::span<char const* const> arguments)
{
    auto const only_check = !arguments.empty() && std::string_view(arguments[0]) == "--check";
    if (only_check)
        arguments = arguments.subspan(1);
    if (arguments.size() != 1) {
        std::fputs("usage: aconite_toxic_docs [--check] DOCS\n", stderr);
        return 2;
    }
    fs::path const docs = arguments[0];
    auto const made = made_from(docs);
    return only_check ? check(docs, made) : write(docs, made);
}

}  // namespace
}  // namespace aconite::docs

int main(int argc, char** argv)
{
    try {
        return aconite::docs::run({argv + 1, argv + argc});
    } catch (std::exception const& why) {
        std::fprintf(stderr, "aconite_toxic_docs: %s\n", why.what());
        return 1;
    }
}
