#pragma once

#include <functional>
#include <thread>

namespace aconite {

/// A thread of the engine takes no signal but those of its own faults: they are the program's
/// business, and the SIGPIPE of a splice into a closed socket (it knows no MSG_NOSIGNAL) would be
/// its end.
std::thread thread_without_signals(std::function<void()> body);

}  // namespace aconite
