#pragma once

#include "clients/experiment/load/arrivals.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aconite::experiment {

/// What is said on one connection after another: requests as bytes, and when an answer is whole.
/// Knows no socket.
class dialogue {
public:
    /// How a request ended.
    struct end {
        bool keep = false;    ///< whether the connection is fit for another one
        std::string error{};  ///< empty if it went well
    };

    virtual ~dialogue() = default;
    dialogue(dialogue const&) = delete;
    dialogue& operator=(dialogue const&) = delete;

    /// There is a new connection.
    virtual void opened() {}
    /// Appends the bytes of a request.
    virtual void ask(ticket const& what, std::string& out) = 0;
    /// What came; nothing at first, when all is sent. None while the answer goes on.
    virtual std::optional<end> hear(std::string_view bytes) = 0;
    /// The peer has ended the stream within an answer.
    virtual end closed() { return {false, "closed"}; }
    /// Whether bytes behind an answer are nothing wrong.
    [[nodiscard]] virtual bool ignores_surplus() const { return false; }

protected:
    dialogue() = default;
};

}  // namespace aconite::experiment
