#include "api/json/config_text.hpp"

#include "api/json/object_reader.hpp"
#include "api/json/yaml_text.hpp"
#include "proxy/net/letters.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace aconite::api {

bool is_yaml_file(std::string_view path)
{
    auto const dot = path.rfind('.');
    auto const extension = dot == path.npos ? "" : path.substr(dot);
    return same_name(extension, ".yaml") || same_name(extension, ".yml");
}

bool is_yaml_type(std::string_view media_type)
{
    auto name = media_type.substr(0, media_type.find(';'));
    name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
    name = name.substr(0, name.find_last_not_of(" \t") + 1);
    return same_name(name, "application/yaml") || same_name(name, "application/x-yaml") ||
           same_name(name, "text/yaml");
}

result<json> parse_config(std::string_view text, bool is_yaml)
{
    if (is_yaml)
        return parse_yaml(text);
    auto parsed = parse_only_value(text);
    if (parsed.fault)
        return problem{400, fmt::format("{}: {}", position_in(text, parsed.fault->position),
                                        parsed.fault->text)};
    return result<json>(boost::system::in_place_value, std::move(parsed.value));
}

}  // namespace aconite::api
