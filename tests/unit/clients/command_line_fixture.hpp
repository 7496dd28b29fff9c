#pragma once

#include "clients/cli/line/command_line.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace aconite::cli {

/// What is typed, and what it is read as.
class command_line : public ::testing::Test {
protected:
    using arguments = std::vector<std::string>;

    static inline identity const own = identity_of("aconite");
    static inline identity const drop_in = identity_of("/usr/bin/toxiproxy-cli");

    command_line()
    {
        unsetenv("TOXIPROXY_URL");
        unsetenv("ACONITE_LEASE");
    }

    static command read(arguments const& typed, identity const& self = own)
    {
        auto const parsed = parse(self, typed);
        if (auto const* end = std::get_if<outcome>(&parsed)) {
            ADD_FAILURE() << "not understood: " << end->err << end->out;
            return {};
        }
        return std::get<command>(parsed);
    }

    static outcome end_of(arguments const& typed, identity const& self = own)
    {
        auto const parsed = parse(self, typed);
        if (std::holds_alternative<command>(parsed)) {
            ADD_FAILURE() << "understood as a command";
            return {};
        }
        return std::get<outcome>(parsed);
    }
};

}  // namespace aconite::cli
