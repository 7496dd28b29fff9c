#pragma once

#include <aconite/attribute.hpp>
#include <aconite/config.hpp>
#include <aconite/journal.hpp>

#include <span>
#include <string>
#include <string_view>

/// What is for people. Each text is one line; what would disturb a terminal is escaped.
namespace aconite {

/// `text` on one line and without what could steer a terminal: line ends, tabs and other control
/// characters, marks of direction and bytes that are not UTF-8 are shown as `\n`, `\x1b`, `\u202e`.
std::string printable(std::string_view text);

/// A number as short as it reads back: `0.2`, `100`.
std::string to_text(double number);
/// The same; 0.2F is `0.2`.
std::string to_text(float number);
/// `100`, `rst`, `{50: 1.5, 99: 20}`, `true`.
std::string to_text(attribute_value const& value);
/// `latency 100 ms, jitter 0 ms`: with the units of `row`, as far as it lists them.
std::string to_text(attribute_list const& values, std::span<attribute const> row);
/// `match every 3; ttl 5000 ms; inactive`: where and when a toxic acts, as far as that is set.
std::string aim_text(toxic_info const& toxic);
/// `latency downstream, toxicity 0.5, latency 100 ms`. Units are those of the built-in toxics.
std::string to_text(toxic_info const& toxic);
/// A record in columns that line up from line to line unless names are long; no line end.
std::string to_text(journal_record const& record);

}  // namespace aconite
