#pragma once

#include "clients/experiment/values/place.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aconite::experiment {

/// A part of a YAML document, with the place where it stands. Plain scalars are not interpreted:
/// what `10%` or `yes` means is up to the key.
struct node {
    enum class form { nothing, scalar, list, mapping };

    struct member;

    form is = form::nothing;
    place at{};
    std::string text{};   ///< of a scalar
    bool quoted = false;  ///< a scalar in quotes, or a block
    // Without braces: what they hold is not complete here.
    std::vector<node> items;
    std::vector<member> members;  ///< in their order, no two with one key

    /// Null if there is no such key, or no mapping.
    [[nodiscard]] node const* find(std::string_view key) const;
    [[nodiscard]] node* find(std::string_view key);
    [[nodiscard]] bool is_mapping() const { return is == form::mapping; }
    [[nodiscard]] bool is_list() const { return is == form::list; }
    [[nodiscard]] bool is_scalar() const { return is == form::scalar; }
};

struct node::member {
    std::string key;
    place at;  ///< of the key
    node value;
};

/// Reads the one document of a YAML text of at most 1 MB, 32 levels and 100,000 parts, aliases in
/// place. A fault for what is no UTF-8 or no YAML, for a second document, a key twice, a tag.
///
/// Of others' files, tags are overlooked and `<<` is a key like any other.
enum class yaml_rules { of_ours, of_others };
std::variant<node, file_fault> read_yaml(std::string_view text,
                                         yaml_rules rules = yaml_rules::of_ours);

}  // namespace aconite::experiment
