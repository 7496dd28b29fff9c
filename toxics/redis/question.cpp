#include "toxics/redis/question.hpp"

#include "toxics/redis/keys.hpp"

#include <algorithm>
#include <cstddef>

namespace aconite::redis {
namespace {

/// So many bytes of a list are told in one text.
constexpr std::size_t told_max = 200;
/// The channel of messages that are invalidations, with RESP2.
constexpr std::string_view invalidations = "__redis__:invalidate";

void put_capital(std::string& into, std::string_view text)
{
    for (auto const each : text)
        into += each >= 'a' && each <= 'z' ? static_cast<char>(each - 'a' + 'A') : each;
}

}  // namespace

void question::is_about(session const& of, command_reader const& command)
{
    auto const& words = command.words();
    auto const* const row = find_command(words);
    name_.clear();
    if (!words.empty())
        put_capital(name_, words[0]);
    whole_name_ = names_ = name_;
    if (row != nullptr && row->name.find('|') != std::string_view::npos) {
        put_capital(whole_name_.append(" "), words[1]);
        names_.append(",").append(whole_name_);
    }
    is_known_ = row != nullptr;
    reads_only_ = is_known_ && row->reads_only;
    arguments_ = std::to_string(command.count());
    keys_.clear();
    if (row != nullptr)
        find_keys(*row, words, command.count(), keys_);
    part(of, "command");
}

void question::is_about(session const& of, value_reader const& push)
{
    std::span<std::string const> const texts(push.texts());
    auto const word = [&](std::size_t n) {
        return n < texts.size() ? std::string_view(texts[n]) : std::string_view{};
    };
    std::size_t first_key = 1;
    std::size_t keys_end = 2;
    name_ = word(0);
    if (name_ == "pmessage") {
        first_key = 2;
        keys_end = 3;
    } else if (name_ == "invalidate" || word(1) == invalidations) {
        first_key = name_ == "invalidate" ? 1 : 2;
        keys_end = texts.size();
        name_ = "invalidate";
    }
    whole_name_ = names_ = name_;
    is_known_ = reads_only_ = false;
    arguments_ = std::to_string(push.elements());
    keys_.clear();
    for (auto i = first_key; i < std::min(keys_end, texts.size()); ++i)
        keys_.push_back(word(i));
    part(of, "push");
}

void question::set_kinds(std::string_view kinds)
{
    for (auto& each : parts_)
        each[static_cast<std::size_t>(fact::kind)] = kinds;
}

void question::part(session const& of, std::string_view kind)
{
    constexpr auto at_key = static_cast<std::size_t>(fact::key);
    database_ = std::to_string(of.database());
    whole_ = {names_,     "",  database_, of.client_name(), of.user(), of.in_multi() ? "yes" : "no",
              arguments_, kind};
    parts_.clear();
    list_.clear();
    for (auto const& key : keys_) {
        parts_.push_back(whole_);
        parts_.back()[at_key] = key;
        if (list_.size() + key.size() < told_max)
            list_.append(list_.empty() ? "" : ",").append(key);
    }
    if (keys_.empty())
        parts_.push_back(whole_);
    spans_.clear();
    for (auto const& each : parts_)
        spans_.emplace_back(each);
    whole_[static_cast<std::size_t>(fact::command)] = whole_name_;
    whole_[at_key] = list_;
}

}  // namespace aconite::redis
