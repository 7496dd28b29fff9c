#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace aconite {

/// A read-only run of bytes that shares its memory with other slices of the same block.
/// Copying shares, never copies bytes. The reference count is not atomic: a block and all
/// its slices stay on one thread.
class slice {
public:
    slice() = default;
    slice(slice const& other) noexcept;      ///< shares the block
    slice(slice&& other) noexcept;           ///< leaves `other` empty
    slice& operator=(slice other) noexcept;  ///< gives up what it had
    ~slice();

    /// A new block of exactly `bytes.size()` bytes. Throws std::bad_alloc.
    static slice copy_of(std::string_view bytes);

    /// A new block to be written through `memory`, which stays valid as long as a slice of it.
    /// Throws std::bad_alloc.
    static slice uninitialised(std::size_t size, std::span<char>& memory);

    /// The bytes; valid as long as a slice of the block.
    [[nodiscard]] std::string_view view() const { return {data_, size_}; }
    /// In bytes.
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Whether there are none.
    [[nodiscard]] bool empty() const { return size_ == 0; }

    /// Splits off the first `count` bytes (at most size()) and keeps the rest.
    slice take_front(std::size_t count);

    /// Forgets the first `count` bytes (at most size()).
    void remove_prefix(std::size_t count);

private:
    struct block {
        std::uint32_t references;
    };
    static void release(block* owner) noexcept;

    block* owner_ = nullptr;
    char const* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace aconite
