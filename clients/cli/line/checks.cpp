#include "clients/cli/line/checks.hpp"

#include <string>

namespace aconite::cli {

CLI::Validator whole_number(number_range wanted)
{
    return {[wanted](std::string& text) {
                auto const read = read_whole(wanted, text);
                if (!read)
                    return read.error().text;
                text = std::to_string(*read);
                return std::string();
            },
            ""};
}

CLI::Validator not_empty()
{
    return {[](std::string const& text) {
                return text.empty() ? std::string("must not be empty") : std::string();
            },
            ""};
}

CLI::Validator time_within(number_range wanted)
{
    return {[wanted](std::string const& text) {
                auto const read = read_time_ms(wanted, text);
                return read ? std::string() : read.error().text;
            },
            ""};
}

}  // namespace aconite::cli
