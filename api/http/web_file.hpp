#pragma once

#include <span>
#include <string_view>

namespace aconite::api {

/// One file of api/web, as it was when the program was built.
struct web_file {
    std::string_view name;  ///< "page.css"
    std::string_view text;
};

/// All of them, by name.
std::span<web_file const> web_files();

}  // namespace aconite::api
