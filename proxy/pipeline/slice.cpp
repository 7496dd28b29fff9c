#include <aconite/slice.hpp>

#include <cstring>
#include <new>

namespace aconite {

slice::slice(slice const& other) noexcept
    : owner_(other.owner_), data_(other.data_), size_(other.size_)
{
    if (owner_ != nullptr)
        ++owner_->references;
}

slice::slice(slice&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0))
{}

slice& slice::operator=(slice other) noexcept
{
    std::swap(owner_, other.owner_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

slice::~slice()
{
    release(owner_);
}

void slice::release(block* owner) noexcept
{
    if (owner != nullptr && --owner->references == 0)
        ::operator delete(owner);
}

slice slice::uninitialised(std::size_t size, std::span<char>& memory)
{
    auto* const at = static_cast<char*>(::operator new(sizeof(block) + size));
    slice made;
    made.owner_ = new (at) block{1};
    made.data_ = at + sizeof(block);
    made.size_ = size;
    memory = {at + sizeof(block), size};
    return made;
}

slice slice::copy_of(std::string_view bytes)
{
    if (bytes.empty())
        return {};
    std::span<char> memory;
    auto made = uninitialised(bytes.size(), memory);
    std::memcpy(memory.data(), bytes.data(), bytes.size());
    return made;
}

slice slice::take_front(std::size_t count)
{
    slice front = *this;
    front.size_ = count < size_ ? count : size_;
    remove_prefix(front.size_);
    return front;
}

void slice::remove_prefix(std::size_t count)
{
    if (count > size_)
        count = size_;
    data_ += count;
    size_ -= count;
}

}  // namespace aconite
