#include "clients/cpp/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace aconite::client {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

/// What is wrong with a certificate, by OpenSSL's number for it.
std::string certificate_reason(long number)
{
    switch (number) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "the certificate is for another name";
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "the certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "the certificate is not valid yet";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "the certificate is of nobody who is trusted here: name the authority in "
               "SSL_CERT_FILE, or use --insecure";
    default:
        return std::string("the certificate is not right: ") +
               X509_verify_cert_error_string(number);
    }
}

}  // namespace

ssl::context tls_context()
{
    ssl::context context(ssl::context::tls_client);
    boost::system::error_code none_there;  // then nothing is trusted, and told so
    context.set_default_verify_paths(none_there);
    return context;
}

void expect_host(SSL* connection, url const& where, bool verify)
{
    boost::system::error_code is_name;
    asio::ip::make_address(where.host, is_name);
    if (is_name)
        SSL_set_tlsext_host_name(connection, where.host.c_str());
    if (!verify) {
        SSL_set_verify(connection, SSL_VERIFY_NONE, nullptr);
        return;
    }
    SSL_set_verify(connection, SSL_VERIFY_PEER, nullptr);
    auto* wanted = SSL_get0_param(connection);
    // An address with a scope is in no certificate: as a name it is not found there.
    if (is_name || X509_VERIFY_PARAM_set1_ip_asc(wanted, where.host.c_str()) != 1)
        X509_VERIFY_PARAM_set1_host(wanted, where.host.c_str(), where.host.size());
}

std::string tls_reason(SSL* connection, boost::system::error_code error)
{
    if (error == ssl::error::stream_truncated || error == asio::error::eof ||
        error == asio::error::connection_reset)
        return "the connection was closed before it was encrypted";
    if (error.category() != asio::error::get_ssl_category())
        return error.message();
    if (auto const wrong = SSL_get_verify_result(connection); wrong != X509_V_OK)
        return certificate_reason(wrong);
    auto const why = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
    if (why == SSL_R_WRONG_VERSION_NUMBER || why == SSL_R_HTTP_REQUEST)
        return "it does not speak TLS: is it http://?";
    return "no encrypted connection: " + error.message();
}

}  // namespace aconite::client
