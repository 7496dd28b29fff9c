#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::experiment {

/// One HTTP answer as it comes; bodies are passed over, so their size does not matter.
class http_answer_reader {
public:
    http_answer_reader();
    ~http_answer_reader();

    /// The next one is awaited; that of a HEAD has no body.
    void begin(bool head);
    enum class state { more, whole, wrong };
    state hear(std::string_view bytes);
    /// The peer has ended the stream: whole if that is how the body ends.
    state closed();

    [[nodiscard]] unsigned status() const;
    /// Whether the connection may be used again.
    [[nodiscard]] bool keep() const;

private:
    struct parser;

    std::unique_ptr<parser> parser_;
    bool head_ = false;
    bool surplus_ = false;
    std::string rest_;  ///< of a line that is not whole yet
};

}  // namespace aconite::experiment
