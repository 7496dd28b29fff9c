#pragma once

#include "docs/generate/source.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace aconite::docs {

/// docs/toxics/<type>.md.
std::string page_of(toxic_source const& toxic);

/// docs/toxics.md, with what is common to all toxics from the files of `folder`.
std::string overview_of(std::vector<toxic_source> const& toxics,
                        std::filesystem::path const& folder);

}  // namespace aconite::docs
