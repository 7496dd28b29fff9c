#pragma once

#include "clients/cpp/url.hpp"
#include "clients/experiment/load/channel.hpp"
#include "clients/experiment/load/dialogue.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// Whom connections with TLS trust; null: they are without.
struct tls_trust {
    boost::asio::ssl::context context;
    bool verify_certificate = true;
};

/// A TCP connection, with TLS or without, on which requests are asked one after the other. It is
/// made when the first one begins, and again when it broke, so that an attempt to connect costs a
/// request. One that the peer ended while it was idle costs none: a pool's client would not have
/// taken it either.
class stream_channel final : public channel {
public:
    /// A buffer of `read_size` bytes is shared by all connections of one thread.
    using read_buffer = std::shared_ptr<std::vector<char>>;
    static constexpr std::size_t read_size = 65'536;

    stream_channel(boost::asio::io_context& on, client::url where, std::shared_ptr<tls_trust> trust,
                   std::unique_ptr<dialogue> talk, read_buffer buffer, done_function done);

    void begin(ticket const& what) override;
    void abandon() override;

private:
    using tcp = boost::asio::ip::tcp;
    using tls_stream = boost::asio::ssl::stream<tcp::socket>;
    using error_code = boost::system::error_code;

    [[nodiscard]] bool is_fit();
    [[nodiscard]] bool is_fit_with_tls();
    void connect();
    void try_endpoint(std::size_t which);
    void on_connected();
    void encrypt();
    void ask();
    void send();
    void await_answer();
    void listen();
    void sent();
    void heard(error_code error, std::string_view bytes);
    void finish(dialogue::end how);
    void finish_later(dialogue::end how);
    void fail_later(boost::system::error_code error);
    void close();
    /// `handler` unless the request that is under way now is over by then.
    template <class Handler>
    auto in_this_turn(Handler handler);
    /// The same for what `tls_` does, which lives until then.
    template <class Handler>
    auto with_tls(Handler handler);

    boost::asio::io_context& on_;
    client::url where_;
    std::shared_ptr<tls_trust> trust_;
    std::unique_ptr<dialogue> talk_;
    read_buffer buffer_;
    done_function done_;
    tcp::resolver resolver_;
    tcp::socket socket_;
    /// It has the socket then, one of its own: what it reads for a request that was given up is not
    /// the next connection's.
    std::shared_ptr<tls_stream> tls_{};
    std::vector<char> plain_text_{};  ///< that `tls_` reads into
    std::vector<tcp::endpoint> endpoints_;
    ticket what_;
    std::string out_;
    std::size_t sent_ = 0;
    std::uint64_t turn_ = 0;
};

/// Makes such connections, with TLS if the URL says https; `make_talk` is given the number of each.
channel_maker
stream_channels(client::url where,
                std::function<std::unique_ptr<dialogue>(std::size_t number)> make_talk,
                bool verify_certificate = true);

}  // namespace aconite::experiment
