#pragma once

#include "toxics/mongodb/wire.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::mongodb {

/// Where the body of a message is, as far as its beginning tells: the one document that every
/// message has, which of a request is the command.
struct body_place {
    std::size_t at = 0;      ///< of its first byte; 0: not known yet
    std::size_t wanted = 0;  ///< so many bytes of the message are needed to read it, or to go on
    bool is_bad = false;     ///< the message is not as its kind is

    /// Whether `beginning`, which it was looked for in, has all of it.
    [[nodiscard]] bool is_in(std::string_view beginning) const
    {
        return !is_bad && at != 0 && wanted <= beginning.size();
    }
};

/// Looks for it in the beginning of a `message`, `query` or `reply`, at least its head.
body_place find_body(std::string_view beginning);

/// What is known of a message that a client sends.
struct request {
    std::string command;     ///< the name of its first field
    std::string database;    ///< may be empty, as the next one
    std::string collection;  ///< without the database
    std::string app_name;    ///< of a hello: what the client calls itself
    bool is_hello = false;   ///< in any of its names: the answer tells who is in the set
    bool opens = false;      ///< it is a hello, or of a login
    bool in_transaction = false;
    bool ends_transaction = false;
    bool can_be_retried = false;  ///< the server knows it again by its number
    bool has_answer = true;
};

/// What a message asks for; its body is in `beginning`. None: it is not as its kind is.
std::optional<request> read_request(std::string_view beginning);

/// So many bytes of a message say whether it may be a hello.
inline constexpr std::size_t look_bytes = head_bytes + 20;
/// Whether it may be one. `beginning` has `look_bytes`, or is all of it.
bool may_be_hello(std::string_view beginning);

}  // namespace aconite::mongodb
