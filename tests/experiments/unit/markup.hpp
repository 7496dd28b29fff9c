#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// A strict reader of XML as far as reports need it: what is wrong with a text, or nothing. With
/// `html` the elements that have no end are known, and what is inside of style and script is text.
class markup_reader {
public:
    explicit markup_reader(std::string_view text, bool html = false) : rest_(text), html_(html) {}

    std::string fault()
    {
        while (!rest_.empty()) {
            if (rest_.front() != '<') {
                if (auto const bad = text_fault(rest_.substr(0, rest_.find('<'))); !bad.empty())
                    return bad;
                rest_.remove_prefix(std::min(rest_.find('<'), rest_.size()));
                continue;
            }
            if (auto const bad = tag(); !bad.empty())
                return bad;
        }
        return open_.empty() ? "" : "<" + open_.back() + "> is not closed";
    }

    /// All elements in order of their begin.
    std::vector<std::string> const& elements() const { return elements_; }
    /// All attributes, `name=value`.
    std::vector<std::string> const& attributes() const { return attributes_; }

private:
    static std::string text_fault(std::string_view text)
    {
        for (std::size_t i = 0; i < text.size(); ++i) {
            auto const c = static_cast<unsigned char>(text[i]);
            if (c < 0x20 && c != '\n' && c != '\t' && c != '\r')
                return "a control character";
            if (c == '>')
                return "a bare >: " + std::string(text.substr(0, 80));
            if (c != '&')
                continue;
            auto const entity = text.substr(i, text.find(';', i) - i + 1);
            constexpr std::string_view known[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;"};
            if (std::find(std::begin(known), std::end(known), entity) == std::end(known))
                return "a bare &";
        }
        return "";
    }

    std::string tag()
    {
        auto const end = end_of_tag();
        if (end == std::string_view::npos)
            return "a tag does not end: " + std::string(rest_.substr(0, 80));
        auto const whole = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        if (whole.starts_with('?') || whole.starts_with('!'))
            return "";
        if (whole.starts_with('/')) {
            if (open_.empty() || open_.back() != whole.substr(1))
                return "<" + std::string(whole) + "> ends what is not open";
            open_.pop_back();
            return "";
        }
        std::string const name(whole.substr(0, whole.find_first_of(" /\n")));
        elements_.push_back(name);
        auto const bad = attributes_of(whole.substr(name.size()));
        constexpr std::string_view single[] = {"meta", "br", "link", "img"};
        bool const alone =
            html_ && std::find(std::begin(single), std::end(single), name) != std::end(single);
        if (!whole.ends_with('/') && !alone)
            open_.push_back(name);
        if (html_ && (name == "style" || name == "script"))
            rest_.remove_prefix(std::min(rest_.find("</" + name), rest_.size()));
        return bad;
    }

    std::size_t end_of_tag() const
    {
        bool quoted = false;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] == '"')
                quoted = !quoted;
            else if (!quoted && rest_[i] == '>')
                return i;
            else if (rest_[i] == '<')
                return std::string_view::npos;
        }
        return std::string_view::npos;
    }

    std::string attributes_of(std::string_view text)
    {
        while (text.find('=') != std::string_view::npos) {
            auto const sign = text.find('=');
            auto const begin = text.find('"', sign);
            auto const end = begin == std::string_view::npos ? begin : text.find('"', begin + 1);
            if (begin != sign + 1 || end == std::string_view::npos)
                return "an attribute without quotes: " + std::string(text.substr(0, 80));
            auto const from = text.find_first_not_of(" \n");
            auto const inside = text.substr(begin + 1, end - begin - 1);
            attributes_.push_back(std::string(text.substr(from, sign - from)) + "=" +
                                  std::string(inside));
            if (auto const bad = text_fault(inside); !bad.empty())
                return "in an attribute: " + bad;
            text.remove_prefix(end + 1);
        }
        return "";
    }

    std::string_view rest_;
    bool html_;
    std::vector<std::string> open_;
    std::vector<std::string> elements_;
    std::vector<std::string> attributes_;
};

/// What XML and HTML may hold, and no more: well-formed UTF-8.
inline bool is_utf8(std::string_view text)
{
    // Python's own reader looks at the same texts in tests/experiments/test_report.py.
    for (std::size_t i = 0; i < text.size();) {
        auto const c = static_cast<unsigned char>(text[i]);
        std::size_t const more = c < 0x80 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        if ((c >= 0x80 && c < 0xC2) || c > 0xF4 || i + more >= text.size() + (more == 0 ? 1 : 0))
            return false;
        for (std::size_t k = 1; k <= more; ++k)
            if ((text[i + k] & 0xC0) != 0x80)
                return false;
        i += more + 1;
    }
    return true;
}

}  // namespace aconite::experiment
