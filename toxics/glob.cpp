#include "toxics/glob.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>

namespace aconite::toxics {
namespace {

void put_literal(std::string& into, std::string_view text)
{
    into.append(re2::RE2::QuoteMeta({text.data(), text.size()}));
}

/// What stands in brackets, which `rest` begins behind; what is behind them is left there.
std::string class_of(std::string_view& rest)
{
    std::string made;
    bool const negated = rest.starts_with('^');
    rest.remove_prefix(negated ? 1 : 0);
    while (!rest.empty() && rest.front() != ']') {
        auto const take = [&rest] {
            if (rest.size() > 1 && rest.front() == '\\')
                rest.remove_prefix(1);
            auto const c = rest.substr(0, 1);
            rest.remove_prefix(1);
            return c;
        };
        auto first = take();
        auto last = first;
        if (rest.size() > 1 && rest.front() == '-' && rest[1] != ']') {
            rest.remove_prefix(1);
            last = take();
        }
        if (first.front() > last.front())
            std::swap(first, last);
        put_literal(made, first);
        made += '-';
        put_literal(made, last);
    }
    rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
    if (made.empty())
        return negated ? "." : "[^\\x00-\\x{10FFFF}]";  // anything, or nothing at all
    return (negated ? "[^" : "[") + made + "]";
}

}  // namespace

std::string expression_of_glob(std::string_view glob)
{
    std::string made;
    while (!glob.empty()) {
        auto const c = glob.front();
        if (c == '\\' && glob.size() > 1)
            glob.remove_prefix(1);
        auto const one = glob.substr(0, 1);
        glob.remove_prefix(1);
        if (c == '*')
            made += ".*";
        else if (c == '?')
            made += '.';
        else if (c == '[')
            made += class_of(glob);
        else
            put_literal(made, one);
    }
    return made;
}

}  // namespace aconite::toxics
