#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace aconite::cli {

/// How to print. Lines with tabs, for scripts, are the reference's; tables are for people.
struct style {
    bool table = false;
    bool colour = false;
    bool aims = false;  ///< tables tell what aims a toxic, which the reference does not have
};

/// Tables if standard output is a terminal, in colour unless NO_COLOR is set or it is a dumb one.
style style_of_stdout(bool aims);

/// These take objects as the REST API has them and throw nlohmann::json::exception if a field
/// is missing or of the wrong kind.

/// All proxies, from the object of GET /proxies, with totals from the list of GET /stats unless
/// that is null: connections open and in all, bytes from and to clients, hits.
std::string format_proxies(nlohmann::json const& proxies, nlohmann::json const& stats, style how);
/// The toxics of a proxy.
std::string format_proxy(nlohmann::json const& proxy, style how);

/// `text` in the colour of `enabled`, where there are colours.
std::string coloured(bool enabled, std::string const& text, style how);

/// A member that is a text; printable.
std::string text_of(nlohmann::json const& object, char const* member);

/// A text itself, anything else as JSON; printable.
std::string value_text(nlohmann::json const& value);

/// JSON as it was, with the control characters escaped that JSON allows in its strings.
std::string for_terminals(std::string_view text);

/// JSON for scripts, indented, with a newline; bytes that are not UTF-8 become U+FFFD.
std::string to_text(nlohmann::json const& value);

}  // namespace aconite::cli
