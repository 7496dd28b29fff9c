#pragma once

#include <aconite/slice.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace aconite {

/// The memory that the links of one shard read into, one after the other.
class read_buffer {
public:
    /// Where to read to. Stays the same until `take`.
    std::span<char> space()
    {
        if (room_.empty())
            room_ = slice::uninitialised(size_bytes, memory_);
        return memory_;
    }

    /// What was read, the first `count` bytes of the space, to be kept. A large part keeps the
    /// memory it is in, so that bulk data is not copied; at most half of that is wasted.
    slice take(std::size_t count)
    {
        if (count < size_bytes / 2)
            return slice::copy_of({memory_.data(), count});
        return std::exchange(room_, {}).take_front(count);
    }

private:
    static constexpr std::size_t size_bytes = 64 * 1024;

    slice room_;
    std::span<char> memory_;
};

}  // namespace aconite
