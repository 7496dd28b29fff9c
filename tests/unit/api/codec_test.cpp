#include "api/json/codec.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace aconite::api {
namespace {

toxic_type const& latency()
{
    return *toxic_registry::builtin().find("latency");
}

/// Every problem that a body can have, as text; "" if it has none.
std::string proxy_problem(std::string_view body)
{
    auto const types = toxic_registry::builtin();
    ignored_members ignored;
    auto const parsed = parse_body(body);
    if (!parsed)
        return parsed.error().text;
    auto const config = decode_proxy(*parsed, {types}, ignored);
    return config ? "" : config.error().text;
}

proxy_config proxy_of(std::string_view body, ignored_members* told = nullptr)
{
    auto const types = toxic_registry::builtin();
    ignored_members ignored;
    auto config = decode_proxy(parse_body(body).value(), {types}, told ? *told : ignored);
    return config.value();
}

result<attribute_list> attributes_of(std::string const& attributes, ignored_members* told = nullptr)
{
    ignored_members ignored;
    auto const body = parse_body(R"({"type":"latency","attributes":)" + attributes + "}").value();
    auto const draft = decode_toxic(body, "", told ? *told : ignored);
    if (!draft)
        return draft.error();
    auto config = finish_toxic(*draft, latency(), told ? *told : ignored);
    if (!config)
        return config.error();
    return config->attributes;
}

TEST(codec, reads_only_the_first_value)
{
    EXPECT_EQ(proxy_of(R"({"name":"p"} {"name":"q"} [)").name, "p");
}

TEST(codec, calls_an_empty_body_EOF)
{
    EXPECT_EQ(proxy_problem(""), "bad request body: EOF");
    EXPECT_EQ(proxy_problem(" \n"), "bad request body: EOF");
}

TEST(codec, calls_a_body_that_stops_too_early_unexpected_EOF)
{
    for (auto const* body : {"{", "{\"name\"", "{\"name\":\"p", "[1,"})
        EXPECT_EQ(proxy_problem(body), "bad request body: unexpected EOF") << body;
}

TEST(codec, refuses_what_is_not_json)
{
    for (auto const* body : {"x", "{'name':1}", "{\"name\":\"p\",}", "{\"a\" 1}", "nul", "\x01"})
        EXPECT_TRUE(proxy_problem(body).starts_with("bad request body: ")) << body;
}

TEST(codec, refuses_a_body_of_the_wrong_type)
{
    for (auto const* body : {"[]", "5", "\"p\"", "true"})
        EXPECT_TRUE(proxy_problem(body).starts_with("bad request body: the body must be an object"))
            << body;
}

TEST(codec, survives_a_body_that_is_nested_very_deeply)
{
    EXPECT_EQ(proxy_problem(std::string(200'000, '[')), "bad request body: unexpected EOF");
}

TEST(codec, takes_null_as_an_empty_object)
{
    EXPECT_EQ(proxy_of("null").name, "");
}

TEST(codec, takes_a_null_member_as_absent)
{
    auto const p = proxy_of(R"({"name":"p","enabled":null,"listen":null,"toxics":null})");
    EXPECT_TRUE(p.enabled);
    EXPECT_EQ(p.listen, "");
    EXPECT_TRUE(p.toxics.empty());
}

TEST(codec, finds_fields_in_any_case)
{
    auto const p = proxy_of(R"({"NAME":"p","Listen":"l","upSTREAM":"u","Enabled":false})");
    EXPECT_EQ(p.name, "p");
    EXPECT_EQ(p.listen, "l");
    EXPECT_EQ(p.upstream, "u");
    EXPECT_FALSE(p.enabled);
}

TEST(codec, lets_the_last_of_equal_names_win)
{
    EXPECT_EQ(proxy_of(R"({"name":"a","name":"b"})").name, "b");
    EXPECT_EQ(proxy_of(R"({"name":"a","NAME":"b","name":"c"})").name, "c");
    EXPECT_EQ(proxy_of(R"({"NAME":"a","name":"b","NAME":"c"})").name, "c");
    EXPECT_EQ(proxy_of(R"({"name":"a","name":null})").name, "a");
}

TEST(codec, names_the_member_of_a_wrong_type)
{
    EXPECT_EQ(proxy_problem(R"({"name":5})"),
              "bad request body: /name must be a string, not the number 5");
    EXPECT_EQ(proxy_problem(R"({"enabled":"yes"})"),
              "bad request body: /enabled must be true or false, not a string");
}

TEST(codec, collects_unknown_members_instead_of_refusing_them)
{
    ignored_members ignored;
    EXPECT_EQ(proxy_of(R"({"name":"p","colour":1,"a/b~\r\n":{}})", &ignored).name, "p");
    EXPECT_EQ(ignored, (ignored_members{"/colour", R"(/a~1b~0\r\n)"}));
}

TEST(codec, refuses_a_fraction_as_attribute)
{
    for (auto const* value : {"5.5", "100.0", "1e3", "\"5\"", "true", "[]", "{}",
                              "9223372036854775808", "99999999999999999999"}) {
        auto const list = attributes_of(std::string(R"({"latency":)") + value + "}");
        ASSERT_FALSE(list) << value;
        EXPECT_TRUE(list.error().text.starts_with("bad request body: /attributes/latency"))
            << value;
        EXPECT_EQ(list.error().status, 400);
    }
}

TEST(codec, reads_every_integer_of_64_bits)
{
    for (auto const value : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
        auto const list = attributes_of(R"({"latency":)" + std::to_string(value) + "}");
        ASSERT_TRUE(list) << value;
        EXPECT_EQ(*list, (attribute_list{{"latency", value}}));
    }
}

TEST(codec, calls_attributes_as_their_row_does)
{
    EXPECT_EQ(attributes_of(R"({"LATENCY":3,"Jitter":2})").value(),
              (attribute_list{{"latency", 3}, {"jitter", 2}}));
}

TEST(codec, reads_attributes_of_every_kind)
{
    auto const list = attributes_of(
        R"({"jitter":2,"distribution":"normal","correlation":0.25,"table":{"p50":5,"p99":8.5}})");
    EXPECT_EQ(list.value(), (attribute_list{{"jitter", 2},
                                            {"distribution", "normal"},
                                            {"correlation", 0.25},
                                            {"table", named_numbers{{"p50", 5}, {"p99", 8.5}}}}));
    EXPECT_EQ(attributes_of(R"({"correlation":1})").value(),
              (attribute_list{{"correlation", 1.0}}));
}

TEST(codec, names_the_kind_that_an_attribute_wants)
{
    auto const refusal = [](char const* attributes) {
        return attributes_of(attributes).error().text;
    };
    EXPECT_EQ(refusal(R"({"correlation":"1"})"),
              "bad request body: /attributes/correlation must be a number, not a string");
    EXPECT_EQ(refusal(R"({"distribution":1})"),
              "bad request body: /attributes/distribution must be a string, not the number 1");
    for (auto const* table : {"[1]", "5", R"({"p50":"5"})", R"({"p50":{}})"})
        EXPECT_TRUE(refusal((R"({"table":)" + std::string(table) + "}").c_str())
                        .starts_with("bad request body: /attributes/table must be an object of "
                                     "numbers, not "))
            << table;
}

TEST(codec, writes_attributes_of_every_kind)
{
    toxic_info const toxic{"t",
                           "latency",
                           stream::upstream,
                           1,
                           {{"a", 1},
                            {"b", 0.5},
                            {"c", 2.0},
                            {"d", "x"},
                            {"e", named_numbers{{"p99", 1.5}, {"p50", 1}}},
                            {"f", true}}};
    EXPECT_EQ(write_text(to_json(toxic)["attributes"]),
              R"({"a":1,"b":0.5,"c":2,"d":"x","e":{"p99":1.5,"p50":1},"f":true})");
}

TEST(codec, takes_nothing_but_true_and_false_for_a_flag)
{
    constexpr attribute row[] = {{.name = "loud", .summary = "", .kind = attribute_kind::flag}};
    toxic_type const type{.name = "horn", .summary = "", .attributes = row};
    auto const read = [&](std::string const& value) {
        ignored_members ignored;
        auto const body = parse_body(R"({"attributes":{"loud":)" + value + "}}").value();
        return finish_toxic(decode_toxic(body, "", ignored).value(), type, ignored);
    };
    EXPECT_EQ(read("true").value().attributes, (attribute_list{{"loud", true}}));
    EXPECT_EQ(read("false").value().attributes, (attribute_list{{"loud", false}}));
    EXPECT_TRUE(read("null").value().attributes.empty());
    EXPECT_EQ(read("1").error(), (problem{400, "bad request body: /attributes/loud must be true "
                                               "or false, not the number 1"}));
    EXPECT_EQ(read("\"true\"").error(), (problem{400, "bad request body: /attributes/loud must be "
                                                      "true or false, not a string"}));
}

TEST(codec, tells_an_effective_mode_only_where_there_is_one)
{
    toxic_info toxic{"t", "loss", stream::upstream, 1, {}};
    EXPECT_EQ(write_text(to_json(toxic)), R"({"name":"t","type":"loss","stream":"upstream",)"
                                          R"("toxicity":1,"attributes":{}})");
    toxic.effective_mode = "kernel";
    EXPECT_EQ(write_text(to_json(toxic)),
              R"({"name":"t","type":"loss","stream":"upstream","toxicity":1,"attributes":{},)"
              R"("effective_mode":"kernel"})");

    ignored_members ignored;  // clients send it back
    EXPECT_TRUE(decode_toxic(to_json(toxic), "", ignored));
    EXPECT_TRUE(ignored.empty());
}

TEST(codec, collects_unknown_attributes)
{
    ignored_members ignored;
    EXPECT_EQ(attributes_of(R"({"latncy":3,"jitter":2})", &ignored).value(),
              (attribute_list{{"jitter", 2}}));
    EXPECT_EQ(ignored, (ignored_members{"/attributes/latncy"}));
}

TEST(codec, refuses_attributes_that_are_no_object)
{
    EXPECT_FALSE(attributes_of("[]"));
    EXPECT_FALSE(attributes_of("5"));
    EXPECT_TRUE(attributes_of("null"));
}

TEST(codec, reads_streams_in_any_case_but_not_the_empty_one)
{
    auto const direction = [](std::string const& stream) {
        ignored_members ignored;
        return decode_toxic(parse_body(R"({"stream":")" + stream + "\"}").value(), "", ignored);
    };
    EXPECT_EQ(direction("UpStream").value().config.direction, stream::upstream);
    EXPECT_EQ(direction("downstream").value().config.direction, stream::downstream);
    EXPECT_EQ(direction("").error(),
              (problem{400, "stream was invalid, can be either upstream or downstream"}));
    EXPECT_FALSE(direction("up"));
}

TEST(codec, refuses_a_toxicity_beyond_a_float)
{
    ignored_members ignored;
    auto const decoded = [&](char const* body) {
        return decode_toxic(parse_body(body).value(), "", ignored);
    };
    EXPECT_FALSE(decoded(R"({"toxicity":1e39})"));
    EXPECT_FALSE(decoded(R"({"toxicity":3.4028236e38})"));
    constexpr auto most = std::numeric_limits<float>::max();
    auto const as_told = R"({"toxicity":)" + write_text(shortest(most)) + "}";
    EXPECT_EQ(decoded(as_told.c_str()).value().config.toxicity, most);
    EXPECT_FALSE(decoded(R"({"toxicity":"1"})"));
    EXPECT_EQ(decoded(R"({"toxicity":-1})").value().config.toxicity, -1.0F);
    EXPECT_EQ(decoded(R"({"toxicity":0.2})").value().config.toxicity, 0.2F);
    EXPECT_EQ(decoded("{}").value().config.toxicity, 1.0F);
}

TEST(codec, reads_the_toxics_of_a_proxy)
{
    auto const p = proxy_of(
        R"({"name":"p","toxics":[{"type":"noop"},
            {"name":"t","type":"latency","stream":"upstream","toxicity":0.5,
             "attributes":{"latency":7}}]})");
    ASSERT_EQ(p.toxics.size(), 2U);
    EXPECT_EQ(p.toxics[0].name, "noop_downstream");
    EXPECT_EQ(p.toxics[1].name, "t");
    EXPECT_EQ(p.toxics[1].direction, stream::upstream);
    EXPECT_EQ(p.toxics[1].toxicity, 0.5F);
    EXPECT_EQ(p.toxics[1].attributes, (attribute_list{{"latency", 7}}));
}

TEST(codec, names_the_position_of_a_bad_toxic)
{
    EXPECT_EQ(proxy_problem(R"({"toxics":[{"type":"noop"},{"type":"nope"}]})"),
              "invalid toxic type at toxic 2");
    EXPECT_EQ(proxy_problem(R"({"toxics":[{"type":"noop"},{"type":"noop"}]})"),
              "toxic already exists at toxic 2");
    EXPECT_EQ(
        proxy_problem(R"({"toxics":[{"type":"accept"},{"type":"accept","stream":"upstream"}]})"),
        "toxic already exists at toxic 2");
    EXPECT_EQ(proxy_problem(R"({"toxics":[{"type":"noop","stream":"x"}]})"),
              "stream was invalid, can be either upstream or downstream at toxic 1");
    EXPECT_TRUE(proxy_problem(R"({"toxics":[{"type":"latency","attributes":{"latency":-1}}]})")
                    .ends_with(" at toxic 1"));
    EXPECT_EQ(proxy_problem(R"({"toxics":[{"type":"latency","attributes":{"latency":"1"}}]})"),
              "bad request body: /toxics/0/attributes/latency must be a whole number of 64 bits, "
              "not a string");
}

TEST(codec, does_not_look_at_toxics_if_told_so)
{
    auto const types = toxic_registry::builtin();
    ignored_members ignored;
    auto const body = parse_body(R"({"name":"p","toxics":"what"})").value();
    EXPECT_EQ(decode_proxy(body, {types, true}, ignored).value().name, "p");
    EXPECT_TRUE(ignored.empty());
    EXPECT_FALSE(decode_proxy(body, {types, false}, ignored));
}

TEST(codec, reads_a_list_of_proxies_and_names_the_bad_one)
{
    auto const types = toxic_registry::builtin();
    ignored_members ignored;
    auto const decoded = [&](char const* body) {
        return decode_proxies(parse_body(body).value(), {types}, ignored);
    };
    EXPECT_TRUE(decoded("null").value().empty());
    EXPECT_EQ(decoded(R"([{"name":"a"},null])").value().size(), 2U);
    EXPECT_EQ(decoded(R"([{},{"name":5}])").error().text,
              "bad request body: /1/name must be a string, not the number 5");
    EXPECT_EQ(decoded(R"([{},{"toxics":[{"type":"x"}]}])").error().text,
              "invalid toxic type at toxic 1 of proxy 2");
    EXPECT_FALSE(decoded("{}"));
}

TEST(codec, keeps_unset_what_a_patch_does_not_have)
{
    ignored_members ignored;
    auto const body = parse_body(R"({"name":"x","toxics":5,"enabled":false})").value();
    auto const patch = decode_proxy_patch(body, ignored).value();
    EXPECT_EQ(patch.enabled, false);
    EXPECT_FALSE(patch.listen);
    EXPECT_FALSE(patch.upstream);
    EXPECT_TRUE(ignored.empty());
}

TEST(codec, reads_a_change_of_a_toxic)
{
    ignored_members ignored;
    auto const body =
        parse_body(R"({"name":"n","type":5,"stream":"x","attributes":{"jitter":4},"what":1})")
            .value();
    auto const patch = decode_toxic_patch(body, latency(), ignored).value();
    EXPECT_FALSE(patch.toxicity);
    EXPECT_EQ(patch.attributes, (attribute_list{{"jitter", 4}}));
    EXPECT_EQ(ignored, (ignored_members{"/what"}));
}

TEST(codec, writes_a_toxicity_in_its_shortest_form)
{
    for (auto const* text : {"0.2", "0.1", "0.333", "0.9999", "1", "0", "-1", "2", "16777216"})
        EXPECT_EQ(write_text(shortest(std::stof(text))), text);
}

TEST(codec, writes_what_html_could_trip_over_as_escapes)
{
    EXPECT_EQ(write_text(json("<a>&\"")), R"("\u003ca\u003e\u0026\"")");
}

TEST(codec, writes_a_proxy_with_all_its_fields)
{
    proxy_info p{"p", "127.0.0.1:1", "u:2", true, {}};
    EXPECT_EQ(write_text(to_json(p)),
              R"({"name":"p","listen":"127.0.0.1:1","upstream":"u:2","enabled":true,"toxics":[]})");
    p.toxics.push_back({"t", "noop", stream::upstream, 0.5F, {}});
    EXPECT_EQ(write_text(to_json(p.toxics)),
              R"([{"name":"t","type":"noop","stream":"upstream","toxicity":0.5,"attributes":{}}])");
}

}  // namespace
}  // namespace aconite::api
