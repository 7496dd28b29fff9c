#include "clients/experiment/run/stop_signal.hpp"

#include <signal.h>

namespace aconite::experiment {

stop_signal::stop_signal()
{
    sigemptyset(&caught_);
    for (auto const number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1})
        sigaddset(&caught_, number);
    pthread_sigmask(SIG_BLOCK, &caught_, &before_);
    thread_ = std::thread([this] { listen(); });
}

stop_signal::~stop_signal()
{
    {
        std::scoped_lock const lock(mutex_);
        over_ = true;
    }
    pthread_kill(thread_.native_handle(), SIGUSR1);  // which is blocked, and so waits for its wait
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void stop_signal::listen()
{
    for (;;) {
        int number = 0;
        sigwait(&caught_, &number);
        std::scoped_lock const lock(mutex_);
        if (over_)
            return;
        if (number == SIGUSR1)
            continue;
        asked_again_ = asked_;
        asked_ = true;
        changed_.notify_all();
    }
}

bool stop_signal::wait_until(time_point deadline)
{
    std::unique_lock lock(mutex_);
    auto const over = [&] { return asked_ || given_up_; };
    if (deadline == never)
        changed_.wait(lock, over);
    else
        changed_.wait_until(lock, deadline, over);
    return over();
}

bool stop_signal::asked()
{
    std::scoped_lock const lock(mutex_);
    return asked_;
}

bool stop_signal::asked_again()
{
    std::scoped_lock const lock(mutex_);
    return asked_again_;
}

bool stop_signal::over()
{
    std::scoped_lock const lock(mutex_);
    return asked_ || given_up_;
}

void stop_signal::give_up()
{
    std::scoped_lock const lock(mutex_);
    given_up_ = true;
    changed_.notify_all();
}

void stop_signal::begin_anew()
{
    std::scoped_lock const lock(mutex_);
    given_up_ = false;
}

}  // namespace aconite::experiment
