#include "clients/experiment/file/node.hpp"

#include "clients/experiment/file/yaml_words.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace aconite::experiment {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{1} << 20;
constexpr std::size_t depth_max = 32;
constexpr std::size_t parts_max = 100'000;

struct yaml_failure {
    file_fault what;
};

place place_of(YAML::Mark const& mark)
{
    return {mark.line + 1, mark.column + 1};
}

std::size_t parts_of(node const& of)
{
    std::size_t count = 1;
    for (auto const& each : of.items)
        count += parts_of(each);
    for (auto const& each : of.members)
        count += parts_of(each.value);
    return count;
}

/// Builds the tree from the parser's events: its own tree knows no bounds and drops places.
class tree_builder final : public YAML::EventHandler {
public:
    tree_builder(std::string_view text, yaml_rules rules) : text_(text), rules_(rules) {}

    node take() { return std::move(root_); }

    void OnDocumentStart(YAML::Mark const& mark) override
    {
        if (documents_++ > 0)
            fail(mark, "there must be one document, this is a second one");
    }
    void OnDocumentEnd() override {}

    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override
    {
        // The parser has read on: nothing stands where its key does.
        bool const has_key = !open_.empty() && open_.back().key.has_value();
        place_value({.at = has_key ? open_.back().key->second : place_of(mark)}, mark, anchor);
    }

    void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override
    {
        auto const found = anchored_.find(anchor);
        if (found == anchored_.end())
            fail(mark, "an alias of what it is a part of");
        parts_ += parts_of(found->second);
        place_value(found->second, mark, YAML::NullAnchor);
    }

    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& text) override
    {
        check_tag(mark, tag);
        auto const begin = static_cast<std::size_t>(std::max(mark.pos, 0));
        // The parser takes all that follows for a part of it.
        if (tag == "!" && begin < text_.size() && !is_quote_closed(text_.substr(begin)))
            fail(mark, "a quote is opened here and never closed");
        node made{
            .is = node::form::scalar, .at = place_of(mark), .text = text, .quoted = tag != "?"};
        if (!made.quoted && (text == "~" || text == "null" || text.empty()))
            made.is = node::form::nothing;
        if (!open_.empty() && open_.back().made.is_mapping() && !open_.back().key)
            return take_key(mark, std::move(made));
        place_value(std::move(made), mark, anchor);
    }

    void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(node::form::list, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(node::form::mapping, mark, tag, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct frame {
        node made;
        YAML::Mark mark;
        YAML::anchor_t anchor;
        std::optional<std::pair<std::string, place>> key;
    };

    [[noreturn]] static void fail(YAML::Mark const& mark, std::string text)
    {
        throw yaml_failure{{place_of(mark), std::move(text)}};
    }

    void check_tag(YAML::Mark const& mark, std::string const& tag) const
    {
        if (rules_ == yaml_rules::of_ours && tag != "?" && tag != "!" && !tag.empty())
            fail(mark, "tags are not known: " + tag);
    }

    void take_key(YAML::Mark const& mark, node key)
    {
        if (rules_ == yaml_rules::of_ours && !key.quoted && key.text == "<<")
            fail(mark, "merge keys (<<) are not known; an alias stands for a whole value");
        auto const& there = open_.back().made;
        if (auto const* first = there.find(key.text))
            fail(mark,
                 fmt::format("the key '{}' is there twice; the first one's value is on line {}",
                             key.text, first->at.line));
        open_.back().key = {std::move(key.text), place_of(mark)};
    }

    void place_value(node made, YAML::Mark const& mark, YAML::anchor_t anchor)
    {
        if (++parts_ > parts_max)
            fail(mark, fmt::format("more than {} parts, aliases in place", parts_max));
        if (anchor != YAML::NullAnchor)
            anchored_[anchor] = made;
        if (open_.empty()) {
            root_ = std::move(made);
            return;
        }
        auto& parent = open_.back();
        if (parent.made.is_list()) {
            parent.made.items.push_back(std::move(made));
            return;
        }
        if (!parent.key)
            fail(mark, "a key must be text, or a bracket is not closed");
        auto [key, at] = std::move(*parent.key);
        parent.key.reset();
        parent.made.members.push_back({std::move(key), at, std::move(made)});
    }

    void open(node::form form, YAML::Mark const& mark, std::string const& tag,
              YAML::anchor_t anchor)
    {
        check_tag(mark, tag);
        if (open_.size() >= depth_max)
            fail(mark, fmt::format("nested deeper than {} levels", depth_max));
        open_.push_back({{.is = form, .at = place_of(mark)}, mark, anchor, {}});
    }

    void close()
    {
        auto done = std::move(open_.back());
        open_.pop_back();
        place_value(std::move(done.made), done.mark, done.anchor);
    }

    std::string_view text_;
    yaml_rules rules_;
    node root_;
    std::vector<frame> open_;
    std::map<YAML::anchor_t, node> anchored_;
    std::size_t parts_ = 0;
    int documents_ = 0;
};

}  // namespace

node const* node::find(std::string_view key) const
{
    auto const found = std::ranges::find(members, key, &member::key);
    return found == members.end() ? nullptr : &found->value;
}

node* node::find(std::string_view key)
{
    auto const found = std::ranges::find(members, key, &member::key);
    return found == members.end() ? nullptr : &found->value;
}

std::variant<node, file_fault> read_yaml(std::string_view text, yaml_rules rules)
{
    if (text.size() > file_bytes_max)
        return file_fault{{}, fmt::format("longer than {} MB", file_bytes_max >> 20)};
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    if (auto fault = check_text(text))
        return *std::move(fault);
    std::istringstream in{std::string(text)};
    tree_builder builder(text, rules);
    try {
        YAML::Parser parser(in);
        if (!parser.HandleNextDocument(builder))
            return file_fault{{1, 1}, "there is nothing in it"};
        parser.HandleNextDocument(builder);  // which fails if there is another
    } catch (yaml_failure const& failure) {
        return failure.what;
    } catch (YAML::Exception const& fault) {
        return in_plain_words({place_of(fault.mark), fault.msg}, text);
    }
    return builder.take();
}

}  // namespace aconite::experiment
