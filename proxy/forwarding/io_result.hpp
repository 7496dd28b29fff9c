#pragma once

#include <cstddef>

namespace aconite {

/// How a read or a write went.
struct io_result {
    std::size_t bytes = 0;
    int error = 0;     ///< errno; EAGAIN: wait for the socket
    bool eof = false;  ///< a read found the end of the stream
};

}  // namespace aconite
