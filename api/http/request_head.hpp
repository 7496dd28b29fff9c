#pragma once

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace aconite::api {

/// False if what has come can be no request, as a TLS greeting: its sender waits for an answer and
/// will not end the line.
bool can_begin_head(std::string_view bytes);

/// Finds the end of a request's head, its request line and header fields, while it comes in.
class head_finder {
public:
    /// `bytes` is all that has come of it. How many of them are the head, with the empty lines
    /// around it; 0 while it goes on.
    std::size_t size_in(std::string_view bytes);

private:
    std::size_t searched_ = 0;  ///< bytes that have no line end behind `line_`
    std::size_t line_ = 0;      ///< where the line begins that is not complete yet
    bool begun_ = false;        ///< there was a line that is not empty
};

/// What the parser is to read in place of a complete head, or why it is none. Whoever stands
/// between a client and this server has to see the same requests in the same bytes, so there must
/// be one way only to tell where a body ends: at most one Content-Length, of digits alone, or, from
/// HTTP/1.1 on, one `Transfer-Encoding: chunked`.
struct checked_head {
    /// Every line ends in CR LF: a line feed alone is taken for it, as Toxiproxy does. Without the
    /// empty lines in front.
    std::string text;
    /// Of Beast's `http::error`. `bad_transfer_encoding`: a coding that is not known here.
    boost::system::error_code fault;
};

/// `head` is what `head_finder` found.
checked_head check_head(std::string_view head);

}  // namespace aconite::api
