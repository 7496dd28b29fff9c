#pragma once

#include "clients/cpp/url.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>

#include <string>

namespace aconite::client {

/// Verifies by the system's certificates, or by those of SSL_CERT_FILE and SSL_CERT_DIR.
boost::asio::ssl::context tls_context();

/// Has a connection ask for the certificate of that host and, if `verify`, take no other.
void expect_host(SSL* connection, url const& where, bool verify);

/// Why there is no connection, for people.
std::string tls_reason(SSL* connection, boost::system::error_code error);

}  // namespace aconite::client
