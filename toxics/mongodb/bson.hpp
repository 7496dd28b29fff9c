#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// As much of BSON as there is to know of commands and answers: which fields a document has, where
/// each stands, and how one is written. Documents in a document are bytes until they are read
/// themselves, so nothing here goes deeper than who reads. https://bsonspec.org/spec.html
namespace aconite::mongodb {

/// What the value of a field is.
enum class bson_type : std::uint8_t {
    real = 0x01,
    text = 0x02,
    document = 0x03,
    list = 0x04,
    boolean = 0x08,
    number = 0x10,
    long_number = 0x12,
};

/// A field of a document. Refers to its bytes.
struct bson_field {
    bson_type type{};  ///< one of the above, or another
    std::string_view name;
    std::string_view value;  ///< its bytes
    std::string_view whole;  ///< with type and name

    /// The text of a `text`; empty: it is none.
    [[nodiscard]] std::string_view text() const;
    /// A number of any kind, or a boolean, as whether it is not 0; of others false.
    [[nodiscard]] bool is_true() const;
};

/// Goes through the fields of a document, one after the other. Takes any bytes: a length that is
/// wrong is the end of it.
class bson_reader {
public:
    /// `document` begins with its length. What is behind it is not looked at.
    explicit bson_reader(std::string_view document);

    /// None: there is no further one, or it is bad.
    std::optional<bson_field> next();
    /// What was read is not as a document is.
    [[nodiscard]] bool is_bad() const { return bad_; }

private:
    std::string_view rest_;
    bool bad_ = false;
};

/// The bytes that a document at the beginning of `bytes` says that it has; 0: it is none, or
/// longer than they are.
std::size_t size_of_document(std::string_view bytes);
/// The first field with that name.
std::optional<bson_field> find_field(std::string_view document, std::string_view name);

/// Writes a document, field by field.
class bson_writer {
public:
    bson_writer() { out_.assign(4, '\0'); }

    void put(std::string_view name, std::string_view text);
    void put(std::string_view name, double value);
    void put(std::string_view name, std::int32_t value);
    /// A `document`, or a `list`, whose fields are named 0, 1 and so on.
    void put(std::string_view name, bson_type type, std::string_view document);
    /// A field of another document, as it is.
    void put(bson_field const& field) { out_.append(field.whole); }

    /// All of it. The last that is asked of it.
    [[nodiscard]] std::string take();

private:
    void begin(bson_type type, std::string_view name);

    std::string out_;
};

}  // namespace aconite::mongodb
