#pragma once

#include "clients/experiment/values/place.hpp"
#include "clients/experiment/values/units.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

using json = nlohmann::ordered_json;

/// The values of one action, probe or load, checked against the rows of its kind. A value: copy it
/// freely. What a field that is not there reads as is up to the caller.
class settings {
public:
    struct entry {
        json value;             ///< a duration as whole nanoseconds, a command as a list
                                ///< of words, [sh, -c, text] if it was one text
        place at{};             ///< of the value
        std::string written{};  ///< as it stands in the file, where that is another than the value
    };

    void set(std::string name, entry what) { entries_[std::move(name)] = std::move(what); }
    /// Null if it is not there.
    [[nodiscard]] entry const* find_entry(std::string_view name) const { return find(name); }
    [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
    [[nodiscard]] place at(std::string_view name) const;

    [[nodiscard]] std::string text(std::string_view name, std::string_view fallback = {}) const;
    [[nodiscard]] double number(std::string_view name, double fallback = 0) const;
    [[nodiscard]] std::int64_t whole(std::string_view name, std::int64_t fallback = 0) const;
    [[nodiscard]] bool flag(std::string_view name, bool fallback = false) const;
    [[nodiscard]] nanoseconds duration(std::string_view name, nanoseconds fallback = {}) const;
    [[nodiscard]] std::vector<std::string> words(std::string_view name) const;
    /// Null if it is not there.
    [[nodiscard]] json const* any(std::string_view name) const;

    /// All of it, for a report: durations as people write them.
    [[nodiscard]] json to_json() const;

private:
    [[nodiscard]] entry const* find(std::string_view name) const;

    std::map<std::string, entry, std::less<>> entries_;
};

}  // namespace aconite::experiment
