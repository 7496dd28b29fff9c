#pragma once

#include "tests/support/sockets.hpp"

#include <chrono>
#include <string>

namespace aconite::testing {

/// An attempt to connect that does not wait.
class knock {
public:
    /// `where` as a proxy tells where it listens: any family, all addresses too.
    explicit knock(std::string const& where);

    /// 0 once connected, else the errno; EINPROGRESS if there was no answer within `limit`.
    int answer(std::chrono::milliseconds limit = patience);

    /// The connection, after `answer` gave 0. Throws std::system_error.
    client_socket enter();

private:
    unique_fd fd_;
};

/// What binding `where` and listening there gives: 0 or an errno.
int try_to_take(std::string const& where, bool reusing);

/// How many descriptors this process has.
std::size_t open_descriptors();

}  // namespace aconite::testing
