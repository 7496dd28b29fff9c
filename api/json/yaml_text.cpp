#include "api/json/yaml_text.hpp"

#include "proxy/net/number.hpp"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace aconite::api {
namespace {

constexpr std::size_t depth_max = 32;
/// Of texts and, at so many bytes each, values, once all aliases are in place.
constexpr std::size_t expanded_bytes_max = std::size_t{16} << 20;
constexpr std::size_t value_bytes = 16;

constexpr char plain_tag[] = "?";
constexpr char quoted_tag[] = "!";
constexpr char text_tag[] = "tag:yaml.org,2002:str";

/// What a scalar without quotes stands for.
json plain_value(std::string const& text)
{
    if (text == "true" || text == "True" || text == "TRUE")
        return true;
    if (text == "false" || text == "False" || text == "FALSE")
        return false;
    std::string_view digits(text);
    if (digits.starts_with('+') && !digits.starts_with("+-"))
        digits.remove_prefix(1);
    if (digits.find_first_not_of("0123456789.eE+-") != digits.npos)
        return text;
    if (auto const whole = number_in<std::int64_t>(digits))
        return *whole;
    if (auto const whole = number_in<std::uint64_t>(digits))
        return *whole;
    if (auto const number = number_in<double>(digits); number && std::isfinite(*number))
        return *number;
    return text;
}

/// Builds a value from what the parser sees: its own tree of nodes knows no bounds.
class builder final : public YAML::EventHandler {
public:
    json& root() { return root_; }

    void OnDocumentStart(YAML::Mark const& mark) override
    {
        at_ = mark;
        if (std::exchange(has_document_, true))
            fail("there must be one document, this is a second one");
    }
    void OnDocumentEnd() override {}

    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override
    {
        at_ = mark;
        place(nullptr, anchor, 0);
    }

    /// An anchor is known once what it stands for is complete.
    void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override
    {
        at_ = mark;
        auto const found = anchored_.find(anchor);
        if (found == anchored_.end())
            fail("an alias of what it is a part of");
        put(found->second.value, found->second.bytes, found->second.height);
    }

    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& text) override
    {
        at_ = mark;
        bool const plain = tag == plain_tag;
        if (!plain && tag != quoted_tag && tag != text_tag)
            fail("the tag " + tag + " is not known");
        check_utf8(text);
        if (wants_key()) {
            if (plain && text == "<<")
                fail("merge keys (<<) are not known; an alias stands for a whole value");
            spend(text.size());
            open_.back().key = text;
            return;
        }
        place(plain ? plain_value(text) : json(text), anchor, text.size());
    }

    void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        at_ = mark;
        open(json::array(), tag, anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        at_ = mark;
        open(json::object(), tag, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    /// A container whose members are being read.
    struct frame {
        json* value;
        std::optional<std::string> key;  ///< of the next member of an object
        YAML::anchor_t anchor;
        std::size_t bytes_before;
        std::size_t height = 1;  ///< levels of containers, this one included
    };
    struct anchored {
        json value;
        std::size_t bytes;
        std::size_t height;
    };

    [[noreturn]] void fail(std::string const& text) const
    {
        throw YAML::ParserException(at_, text);
    }

    /// All that JSON could not hold either.
    void check_utf8(std::string const& text) const
    {
        try {
            (void)json(text).dump();
        } catch (json::type_error const&) {
            fail("text that is not UTF-8");
        }
    }

    void spend(std::size_t bytes)
    {
        bytes_ += bytes + value_bytes;
        check_bytes();
    }

    void check_bytes() const
    {
        if (bytes_ + anchored_bytes_ > expanded_bytes_max)
            fail(fmt::format("more than {} MB, aliases in place", expanded_bytes_max >> 20));
    }

    [[nodiscard]] bool wants_key() const
    {
        return !open_.empty() && open_.back().value->is_object() && !open_.back().key;
    }

    /// Puts `value`, of so many `bytes` and levels, where the parser is.
    json* put(json value, std::size_t bytes, std::size_t height)
    {
        spend(bytes);
        if (open_.size() + height > depth_max)
            fail(fmt::format("nested deeper than {} levels", depth_max));
        if (wants_key())
            fail("a key must be text, or a bracket is not closed");
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        auto& parent = open_.back();
        parent.height = std::max(parent.height, height + 1);
        if (parent.value->is_array())
            return &parent.value->get_ref<json::array_t&>().emplace_back(std::move(value));
        auto key = *std::exchange(parent.key, std::nullopt);
        return &append_member(*parent.value, std::move(key), std::move(value));
    }

    void place(json value, YAML::anchor_t anchor, std::size_t bytes)
    {
        auto const* placed = put(std::move(value), bytes, 0);
        if (anchor == YAML::NullAnchor)
            return;
        anchored_bytes_ += bytes;
        anchored_[anchor] = {*placed, bytes, 0};
    }

    void open(json value, std::string const& tag, YAML::anchor_t anchor)
    {
        if (tag != plain_tag)
            fail("the tag " + tag + " is not known");
        auto const before = bytes_;
        auto* const placed = put(std::move(value), 0, 1);
        open_.push_back({placed, {}, anchor, before});
    }

    void close()
    {
        auto const done = std::move(open_.back());
        open_.pop_back();
        if (!open_.empty())
            open_.back().height = std::max(open_.back().height, done.height + 1);
        if (done.anchor == YAML::NullAnchor)
            return;
        auto const bytes = bytes_ - done.bytes_before;
        anchored_bytes_ += bytes;
        check_bytes();
        anchored_[done.anchor] = {*done.value, bytes, done.height};
    }

    json root_;
    /// None of the containers moves while one inside it is open.
    std::vector<frame> open_;
    std::map<YAML::anchor_t, anchored> anchored_;
    std::size_t bytes_ = 0;           ///< of what was put in its place
    std::size_t anchored_bytes_ = 0;  ///< of what is kept for aliases
    YAML::Mark at_;
    bool has_document_ = false;
};

problem fault_at(YAML::Mark const& mark, std::string_view text)
{
    return {400, fmt::format("{}:{}: {}", mark.line + 1, mark.column + 1, text)};
}

void emit(YAML::Emitter& out, json const& value)
{
    if (value.is_structured() && value.empty())
        out << YAML::Flow;  // on the line of its key
    switch (value.type()) {
    case json::value_t::object:
        out << YAML::BeginMap;
        for (auto const& [name, member] : value.get_ref<json::object_t const&>()) {
            out << YAML::Key << name << YAML::Value;
            emit(out, member);
        }
        out << YAML::EndMap;
        return;
    case json::value_t::array:
        out << YAML::BeginSeq;
        for (auto const& entry : value)
            emit(out, entry);
        out << YAML::EndSeq;
        return;
    case json::value_t::string:
        out << YAML::DoubleQuoted << value.get_ref<std::string const&>();
        return;
    default:
        out << value.dump();
    }
}

/// YAML has none, and the parser takes some of them for the end of the text.
bool is_control(char c)
{
    return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r';
}

}  // namespace

result<json> parse_yaml(std::string_view text)
{
    if (auto const bad = std::ranges::find_if(text, is_control); bad != text.end()) {
        auto const count = static_cast<std::size_t>(bad - text.begin()) + 1;
        return problem{400, position_in(text, count) + ": a control character"};
    }
    std::istringstream in{std::string(text)};
    builder made;
    try {
        YAML::Parser parser(in);
        if (!parser.HandleNextDocument(made) || made.root().is_null())
            return fault_at({}, "EOF");
        parser.HandleNextDocument(made);  // which fails if there is another
    } catch (YAML::Exception const& fault) {
        return fault_at(fault.mark, fault.msg);
    }
    return result<json>(boost::system::in_place_value, std::move(made.root()));
}

std::string write_yaml(json const& value)
{
    YAML::Emitter out;
    emit(out, value);
    return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace aconite::api
