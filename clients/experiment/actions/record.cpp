#include "clients/experiment/actions/record.hpp"

#include <random>

namespace aconite::experiment {
namespace {

json const* record_member(json const& record, std::string_view name)
{
    if (!record.is_object())
        return nullptr;
    auto const found = record.find(name);
    return found != record.end() ? &*found : nullptr;
}

}  // namespace

std::string record_text(json const& record, std::string_view name)
{
    auto const* found = record_member(record, name);
    return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t record_whole(json const& record, std::string_view name)
{
    auto const* found = record_member(record, name);
    return found != nullptr && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

bool record_flag(json const& record, std::string_view name)
{
    auto const* found = record_member(record, name);
    return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::vector<std::string> record_words(json const& record, std::string_view name)
{
    std::vector<std::string> words;
    if (auto const* found = record_member(record, name); found != nullptr && found->is_array())
        for (auto const& each : *found)
            if (each.is_string())
                words.push_back(each.get<std::string>());
    return words;
}

std::string unique_mark()
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::random_device source;
    std::string mark;
    for (int i = 0; i < 10; ++i)
        mark += digits[source() % digits.size()];
    return mark;
}

}  // namespace aconite::experiment
