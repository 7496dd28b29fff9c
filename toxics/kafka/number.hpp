#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aconite::kafka {

/// A number as it comes, in pieces of any size: of one to eight bytes, the highest first; or of a
/// variable number of bytes with seven bits each, the lowest first, the last without its high bit.
class incoming_number {
public:
    enum class state : std::uint8_t { more, whole, too_long };

    /// A number of bytes that says: their own high bits tell.
    static constexpr std::size_t variable = 0;

    /// Begins one of so many bytes.
    void expect(std::size_t bytes)
    {
        value_ = 0;
        bytes_ = bytes;
        read_ = 0;
    }

    /// Takes what belongs to it off the front of `bytes`.
    state take(std::string_view& bytes)
    {
        while (!bytes.empty()) {
            auto const next = static_cast<unsigned char>(bytes.front());
            bytes.remove_prefix(1);
            if (auto const now = add(next); now != state::more)
                return now;
        }
        return state::more;
    }

    /// Without a sign.
    [[nodiscard]] std::uint64_t value() const { return value_; }
    /// As a number that has one.
    [[nodiscard]] std::int64_t signed_value() const
    {
        auto const unused = 64 - 8 * bytes_;
        return bytes_ == variable ? static_cast<std::int64_t>(value_)
                                  : static_cast<std::int64_t>(value_ << unused) >> unused;
    }

private:
    /// What a variable number may hold: 32 bits, in five bytes.
    static constexpr std::size_t variable_bytes_max = 5;

    state add(unsigned char next)
    {
        ++read_;
        if (bytes_ != variable) {
            value_ = value_ << 8 | next;
            return read_ == bytes_ ? state::whole : state::more;
        }
        value_ |= std::uint64_t{next & 0x7FU} << 7 * (read_ - 1);
        if (value_ > UINT32_MAX)
            return state::too_long;
        if ((next & 0x80U) == 0)
            return state::whole;
        return read_ == variable_bytes_max ? state::too_long : state::more;
    }

    std::uint64_t value_ = 0;
    std::size_t bytes_ = variable;
    std::size_t read_ = 0;
};

/// Adds the lowest `bytes` bytes of `value`, the highest first.
inline void put_number(std::string& out, std::uint64_t value, std::size_t bytes)
{
    while (bytes-- > 0)
        out.push_back(static_cast<char>(value >> 8 * bytes & 0xFF));
}

/// Adds a number of a variable size.
inline void put_variable(std::string& out, std::uint32_t value)
{
    for (; value > 0x7F; value >>= 7)
        out.push_back(static_cast<char>((value & 0x7F) | 0x80));
    out.push_back(static_cast<char>(value));
}

}  // namespace aconite::kafka
