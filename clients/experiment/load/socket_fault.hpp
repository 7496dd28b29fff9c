#pragma once

#include <boost/system/error_code.hpp>

#include <string_view>

namespace aconite::experiment {

/// A short name for what went wrong with a connection: `refused`, `reset`, `closed`. Static.
std::string_view socket_fault(boost::system::error_code const& error);

}  // namespace aconite::experiment
