#pragma once

#include "clients/cpp/url.hpp"
#include "clients/experiment/load/channel.hpp"
#include "clients/experiment/load/dialogue.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <vector>

namespace aconite::experiment {

/// A TCP connection on which requests are asked one after the other. It is made when the first one
/// begins, and again when it broke, so that an attempt to connect costs a request. One that the
/// peer ended while it was idle costs none: a pool's client would not have taken it either.
class stream_channel final : public channel {
public:
    /// A buffer of `read_size` bytes is shared by all connections of one thread.
    using read_buffer = std::shared_ptr<std::vector<char>>;
    static constexpr std::size_t read_size = 65'536;

    stream_channel(boost::asio::io_context& on, client::url where, std::unique_ptr<dialogue> talk,
                   read_buffer buffer, done_function done);

    void begin(ticket const& what) override;
    void abandon() override;

private:
    using tcp = boost::asio::ip::tcp;

    [[nodiscard]] bool is_fit();
    void connect();
    void try_endpoint(std::size_t which);
    void on_connected();
    void ask();
    void send();
    void await_answer();
    void listen();
    void finish(dialogue::end how);
    void finish_later(dialogue::end how);
    void fail_later(boost::system::error_code error);
    void close();
    /// `handler` unless the request that is under way now is over by then.
    template <class Handler>
    auto in_this_turn(Handler handler);

    boost::asio::io_context& on_;
    client::url where_;
    std::unique_ptr<dialogue> talk_;
    read_buffer buffer_;
    done_function done_;
    tcp::resolver resolver_;
    tcp::socket socket_;
    std::vector<tcp::endpoint> endpoints_;
    ticket what_;
    std::string out_;
    std::size_t sent_ = 0;
    std::uint64_t turn_ = 0;
};

/// Makes such connections; `make_talk` is given the number of each.
channel_maker
stream_channels(client::url where,
                std::function<std::unique_ptr<dialogue>(std::size_t number)> make_talk);

}  // namespace aconite::experiment
