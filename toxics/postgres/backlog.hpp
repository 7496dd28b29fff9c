#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aconite::postgres {

/// Bytes that wait. To take some off the front costs no copy of the rest, on average.
class backlog {
public:
    void append(std::string_view bytes) { all_.append(bytes); }
    void drop(std::size_t count)
    {
        from_ += count;
        if (2 * from_ >= all_.size()) {
            all_.erase(0, from_);
            from_ = 0;
        }
    }
    [[nodiscard]] std::string_view view() const { return std::string_view(all_).substr(from_); }
    [[nodiscard]] std::size_t size() const { return all_.size() - from_; }
    [[nodiscard]] bool empty() const { return size() == 0; }

private:
    std::string all_;
    std::size_t from_ = 0;
};

}  // namespace aconite::postgres
