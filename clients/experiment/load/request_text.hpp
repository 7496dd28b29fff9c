#pragma once

#include "clients/experiment/load/key_space.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// What stands for a request's placeholders. Not changed once made: any thread.
struct request_draws {
    std::uint64_t seed;
    key_space keys;
};

/// A text with `{n}`, the request's number from 0, `{key}`, drawn from the keys, `{uuid}`, drawn
/// from the seed, and `{connection}`, from 0, in it. Any other brace is a brace: JSON needs no
/// marks. A value.
class request_text {
public:
    request_text() = default;
    explicit request_text(std::string_view text);

    /// Appends what it is for one request.
    void fill(std::string& out, request_draws const& draws, std::uint64_t number,
              std::size_t connection) const;
    [[nodiscard]] std::string filled(request_draws const& draws, std::uint64_t number,
                                     std::size_t connection) const;

private:
    enum class slot { none, number, key, uuid, connection };
    struct part {
        std::string before;
        slot then = slot::none;
    };
    std::vector<part> parts_;
};

}  // namespace aconite::experiment
