#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::test {

/// A script for a hostile_session: behind `head` come `opening` and then any of `words`, from one
/// side mostly and then from the other, whole or in pieces, sometimes with a byte changed.
inline std::vector<std::uint8_t> hostile_script(std::mt19937& random,
                                                std::vector<std::uint8_t> const& head,
                                                std::vector<std::string> const& words,
                                                std::string_view opening = {})
{
    auto const upto = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n)(random);
    };
    auto script = head;
    script.push_back(static_cast<std::uint8_t>(upto(3) == 0 ? 0 : upto(255)));
    for (std::size_t i = 0; i < 60; ++i) {
        auto word =
            i == 0 && !opening.empty() ? std::string(opening) : words[upto(words.size() - 1)];
        if (upto(14) == 0)
            word[upto(word.size() - 1)] = static_cast<char>(upto(255));
        auto const side = upto(4) == 0 ? 1 - i % 2 : i % 2;
        for (std::string_view rest = word; !rest.empty();) {
            auto const part = rest.substr(0, upto(1) == 0 ? 63 : upto(20) + 1);
            script.push_back(static_cast<std::uint8_t>((part.size() - 1) << 2 | side));
            script.insert(script.end(), part.begin(), part.end());
            rest.remove_prefix(part.size());
        }
        if (upto(5) == 0)
            script.push_back(static_cast<std::uint8_t>(upto(255)));
    }
    return script;
}

/// Bytes for a hostile_session, behind `head`.
inline std::vector<std::uint8_t> hostile_bytes(std::mt19937& random,
                                               std::vector<std::uint8_t> const& head)
{
    std::uniform_int_distribution<int> any(0, 255);
    auto script = head;
    while (script.size() < 400)
        script.push_back(static_cast<std::uint8_t>(any(random)));
    return script;
}

}  // namespace aconite::test
