#pragma once

#include <aconite/attribute.hpp>

#include <string>

/// The columns of the tables of attributes, as Markdown.
namespace aconite::docs {

std::string kind_text(attribute const& row);
std::string bounds_text(attribute const& row);
std::string fallback_text(attribute const& row);

}  // namespace aconite::docs
