#include "proxy/loop/thread_without_signals.hpp"

#include <csignal>
#include <utility>

namespace aconite {

std::thread thread_without_signals(std::function<void()> body)
{
    sigset_t others;
    ::sigfillset(&others);
    for (int const fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP})
        ::sigdelset(&others, fault);
    return std::thread([others, body = std::move(body)] {
        ::pthread_sigmask(SIG_SETMASK, &others, nullptr);
        body();
    });
}

}  // namespace aconite
