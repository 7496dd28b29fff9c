#pragma once

#include "toxics/answer_fault.hpp"
#include "toxics/frame/framing.hpp"

#include <aconite/attribute.hpp>
#include <aconite/operation.hpp>
#include <aconite/problem.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aconite::frame {

/// What is done to a frame.
enum class act : std::uint8_t {
    disconnect,
    drop,
    duplicate,
    replace,
    reorder,
    truncate,
    lose_reply,
    delay,
};

/// A fault of the toxic `frame`, as its attributes say. Of disconnect `after`: the frame goes on
/// first.
struct fault final : toxics::answer_fault {
    act does = act::delay;
    bool same = false;         ///< of lose_reply: the answer of the same ordinal
    bool right = true;         ///< the frame's length is put right
    std::string content;       ///< of replace
    std::size_t keep = 0;      ///< of replace: so much of the frame stays
    std::size_t size = 0;      ///< of truncate: so much of it is left
    std::size_t copies = 1;    ///< of duplicate: so many more
    std::uint64_t behind = 1;  ///< of reorder: behind so many others
    duration wait{};           ///< of reorder: or so long

    /// What takes the place of a whole frame; empty: there can be none such.
    [[nodiscard]] std::string changed(std::string_view frame, framing const& how) const;
};

/// What the attributes of the toxic say.
std::shared_ptr<operation_fault const> make_fault(attribute_values const& values);
/// 400 that names the attribute if they do not fit each other.
result<void> check_fault(attribute_values const& values);

}  // namespace aconite::frame
