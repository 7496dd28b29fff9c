#include "clients/experiment/load/http_answer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <limits>

namespace aconite::experiment {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint32_t header_bytes_max = 65'536;

}  // namespace

/// Only what the parser itself keeps is of interest: length, chunks, keep-alive.
struct http_answer_reader::parser final : beast_http::basic_parser<false> {
    using text = boost::beast::string_view;

    explicit parser(bool head)
    {
        eager(true);
        skip(head);
        header_limit(header_bytes_max);
        body_limit(std::numeric_limits<std::uint64_t>::max());
    }

    void on_request_impl(beast_http::verb, text, text, int, error_code& error) override
    {
        error = {};
    }
    void on_response_impl(int code, text, int, error_code& error) override
    {
        status = static_cast<unsigned>(code);
        error = {};
    }
    void on_field_impl(beast_http::field, text, text, error_code& error) override { error = {}; }
    void on_header_impl(error_code& error) override { error = {}; }
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code& error) override
    {
        error = {};
    }
    std::size_t on_body_impl(text bytes, error_code& error) override
    {
        error = {};
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, text, error_code& error) override { error = {}; }
    std::size_t on_chunk_body_impl(std::uint64_t, text bytes, error_code& error) override
    {
        error = {};
        return bytes.size();
    }
    void on_finish_impl(error_code& error) override { error = {}; }

    unsigned status = 0;
};

http_answer_reader::http_answer_reader() = default;
http_answer_reader::~http_answer_reader() = default;

void http_answer_reader::begin(bool head)
{
    head_ = head;
    surplus_ = false;
    rest_.clear();
    parser_ = std::make_unique<parser>(head);
}

http_answer_reader::state http_answer_reader::hear(std::string_view bytes)
{
    std::string joined;
    if (!rest_.empty()) {
        joined = rest_.append(bytes);
        bytes = joined;
    }
    while (!bytes.empty()) {
        error_code error;
        auto const used = parser_->put(boost::asio::buffer(bytes), error);
        bytes.remove_prefix(used);
        if (error && error != beast_http::error::need_more)
            return state::wrong;
        if (parser_->is_done()) {
            // An interim answer (100 Continue, 103 Early Hints): the real one is behind it.
            if (parser_->status / 100 == 1 && parser_->status != 101) {
                parser_ = std::make_unique<parser>(head_);
                continue;
            }
            surplus_ = !bytes.empty();
            return state::whole;
        }
        if (error || used == 0)
            break;
    }
    rest_ = bytes;
    return state::more;
}

http_answer_reader::state http_answer_reader::closed()
{
    if (!parser_->got_some())
        return state::wrong;
    error_code error;
    parser_->put_eof(error);
    return error || !parser_->is_done() ? state::wrong : state::whole;
}

unsigned http_answer_reader::status() const
{
    return parser_->status;
}

bool http_answer_reader::keep() const
{
    return !surplus_ && parser_->is_done() && parser_->status != 101 && parser_->keep_alive();
}

}  // namespace aconite::experiment
