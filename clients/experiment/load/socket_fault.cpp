#include "clients/experiment/load/socket_fault.hpp"

#include <boost/asio/error.hpp>

namespace aconite::experiment {

std::string_view socket_fault(boost::system::error_code const& error)
{
    namespace fault = boost::asio::error;
    struct row {
        boost::system::error_code error;
        std::string_view name;
    };
    static row const rows[] = {
        {fault::connection_refused, "refused"},
        {fault::connection_reset, "reset"},
        {fault::broken_pipe, "reset"},
        {fault::connection_aborted, "reset"},
        {fault::eof, "closed"},
        {fault::timed_out, "timeout"},
        {fault::host_unreachable, "unreachable"},
        {fault::network_unreachable, "unreachable"},
        {fault::host_not_found, "host not found"},
        {fault::host_not_found_try_again, "host not found"},
        {fault::no_data, "host not found"},
        {fault::service_not_found, "host not found"},
        {fault::no_descriptors, "too many open files"},
        {boost::system::errc::make_error_code(boost::system::errc::address_not_available),
         "no local port is free"},
    };
    for (auto const& each : rows)
        if (error == each.error)
            return each.name;
    return "connection failed";
}

}  // namespace aconite::experiment
