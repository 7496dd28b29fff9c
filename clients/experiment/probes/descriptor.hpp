#pragma once

#include "clients/experiment/values/deadline.hpp"

#include <unistd.h>

#include <utility>

namespace aconite::experiment {

/// Owns a file descriptor.
class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int number) : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        if (this != &other)
            reset(other.release());
        return *this;
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    ~descriptor() { reset(); }

    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] explicit operator bool() const { return number_ >= 0; }
    [[nodiscard]] int release() { return std::exchange(number_, -1); }
    void reset(int number = -1)
    {
        if (number_ >= 0)
            ::close(number_);
        number_ = number;
    }

private:
    int number_ = -1;
};

/// Waits until a descriptor is ready for `events` (of poll(2)) or broken; false: not by then.
bool wait_for(int number, short events, deadline const& until);

}  // namespace aconite::experiment
