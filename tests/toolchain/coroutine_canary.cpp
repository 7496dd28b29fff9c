// Which spellings of `co_await` does this compiler translate correctly?
//
// g++ 12.2 destroys some temporaries twice when their full expression contains a co_await
// (GCC PR 107288 and relatives). The rule of this project is "name it, then await it". This
// program passes while every spelling that the rule recommends, or calls safe, is right. It
// lists the forbidden ones too: once none of them is miscompiled, the rule may go.

#include "tracked.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>
#include <tuple>
#include <utility>

namespace asio = boost::asio;
using asio::awaitable;
using canary::built_options;
using canary::options;
using canary::tracked;

namespace {

// What the spellings below await.

awaitable<void> suspend()
{
    auto const executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::deferred);
}

template <class Value>
awaitable<int> by_value(Value)
{
    co_await suspend();
    co_return 1;
}

template <class Value>
awaitable<int> by_reference(Value const&)
{
    co_await suspend();
    co_return 1;
}

awaitable<int> erased(std::function<int()> f)
{
    co_await suspend();
    co_return f();
}

awaitable<int> take_options(options o)
{
    co_await suspend();
    co_return o.size;
}

awaitable<int> take_optional(std::optional<tracked> o)
{
    co_await suspend();
    co_return o->number;
}

awaitable<std::tuple<tracked, tracked>> give_pair()
{
    co_await suspend();
    co_return std::tuple<tracked, tracked>{};
}

awaitable<options> give_options()
{
    co_await suspend();
    co_return options{tracked{}, 4};
}

// Spellings that the rule recommends or allows.

awaitable<void> named_lambda()
{
    tracked t;
    auto f = [t] { return t.number; };
    co_await by_value(std::move(f));
}

awaitable<void> named_aggregate()
{
    options o{tracked{}, 3};
    co_await take_options(std::move(o));
}

awaitable<void> awaitable_named_first()
{
    auto pending = take_options(options{tracked{}, 3});
    co_await std::move(pending);
}

awaitable<void> spawn_named_lambda()
{
    tracked t;
    auto const executor = co_await asio::this_coro::executor;
    auto f = [t]() -> awaitable<void> {
        co_await suspend();
        (void)t.number;
    };
    co_await asio::co_spawn(executor, std::move(f), asio::use_awaitable);
}

awaitable<void> lambda_capturing_by_reference()
{
    tracked t;
    co_await by_value([&t] { return t.number; });
}

awaitable<void> type_with_constructor()
{
    co_await by_value(tracked{});
    co_await by_value(built_options{tracked{}, 3});
}

awaitable<void> optional_and_tuple()
{
    co_await take_optional(tracked{});
    co_await by_value(std::tuple<tracked, int>{tracked{}, 3});
}

awaitable<void> several_awaits_in_one_expression()
{
    tracked t;
    int const sum = co_await by_value(t) + co_await by_value(t);
    (void)sum;
}

awaitable<void> conditions()
{
    tracked t;
    int const chosen = t.number == 1 ? co_await by_value(tracked{}) : 0;
    for (int i = 0; i < 3 && co_await by_value(tracked{}) == 1; ++i)
        co_await suspend();
    switch (co_await by_value(t)) {
    case 1:
        co_await suspend();
        break;
    default:
        break;
    }
    (void)chosen;
}

awaitable<void> structured_binding()
{
    auto [first, second] = co_await give_pair();
    co_await suspend();
    (void)first.number;
    (void)second.number;
}

awaitable<void> returned_aggregate()
{
    options const o = co_await give_options();
    co_await suspend();
    (void)o.size;
}

awaitable<void> exception_after_await()
{
    tracked t;
    try {
        co_await by_value(t);
        throw 1;
    } catch (int) {}
    co_await suspend();
}

/// Never resumed: the frame is destroyed with everything in it.
awaitable<void> destroyed_while_suspended()
{
    auto [first, second] = co_await give_pair();
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(asio::deferred);
    (void)first.number;
    (void)second.number;
}

// Spellings that the rule forbids.

awaitable<void> lambda_to_value_parameter()
{
    tracked t;
    co_await by_value([t] { return t.number; });
}

awaitable<void> lambda_to_reference_parameter()
{
    tracked t;
    co_await by_reference([t] { return t.number; });
}

awaitable<void> lambda_to_function_parameter()
{
    tracked t;
    co_await erased([t] { return t.number; });
}

awaitable<void> lambda_coroutine_called_at_once()
{
    tracked t;
    co_await [t]() -> awaitable<void> {
        co_await suspend();
        (void)t.number;
    }();
}

awaitable<void> spawn_lambda()
{
    tracked t;
    auto const executor = co_await asio::this_coro::executor;
    co_await asio::co_spawn(
        executor, [t]() -> awaitable<void> { co_await suspend(); }, asio::use_awaitable);
}

awaitable<void> aggregate_argument()
{
    co_await take_options(options{tracked{}, 3});
}

awaitable<void> braces_for_aggregate()
{
    co_await take_options({tracked{}, 3});
}

awaitable<void> aggregate_by_reference()
{
    co_await by_reference(options{tracked{}, 3});
}

awaitable<void> array_argument()
{
    co_await by_value(std::array<tracked, 2>{tracked{}, tracked{}});
}

awaitable<int> forwarded()
{
    co_return co_await take_options(options{tracked{}, 3});
}

awaitable<void> aggregate_in_co_return()
{
    co_await forwarded();
}

struct spelling {
    char const* name;
    awaitable<void> (*body)();
};

#define SPELLING(function)   \
    spelling                 \
    {                        \
#function, &function \
    }

constexpr std::array allowed{
    SPELLING(named_lambda),
    SPELLING(named_aggregate),
    SPELLING(awaitable_named_first),
    SPELLING(spawn_named_lambda),
    SPELLING(lambda_capturing_by_reference),
    SPELLING(type_with_constructor),
    SPELLING(optional_and_tuple),
    SPELLING(several_awaits_in_one_expression),
    SPELLING(conditions),
    SPELLING(structured_binding),
    SPELLING(returned_aggregate),
    SPELLING(exception_after_await),
    SPELLING(destroyed_while_suspended),
};

constexpr std::array forbidden{
    SPELLING(lambda_to_value_parameter),
    SPELLING(lambda_to_reference_parameter),
    SPELLING(lambda_to_function_parameter),
    SPELLING(lambda_coroutine_called_at_once),
    SPELLING(spawn_lambda),
    SPELLING(aggregate_argument),
    SPELLING(braces_for_aggregate),
    SPELLING(aggregate_by_reference),
    SPELLING(array_argument),
    SPELLING(aggregate_in_co_return),
};

/// Runs it until it waits for nothing but a timer, destroys what is left, and says whether
/// every value was made and destroyed once.
bool is_right(spelling const& s)
{
    bool threw = false;
    tracked::reset();
    {
        asio::io_context context(1);
        asio::co_spawn(context, s.body, [&threw](std::exception_ptr e) { threw = e != nullptr; });
        context.poll();
    }
    return tracked::balanced() && !threw;
}

template <class Spellings>
int count_wrong(char const* title, Spellings const& spellings)
{
    int wrong = 0;
    std::printf("%s:\n", title);
    for (auto const& s : spellings) {
        bool const right = is_right(s);
        wrong += right ? 0 : 1;
        std::printf("  %-34s %s\n", s.name, right ? "right" : "MISCOMPILED");
    }
    return wrong;
}

}  // namespace

int main()
{
    int const broken = count_wrong("allowed spellings", allowed);
    int const avoided = count_wrong("forbidden spellings", forbidden);
    std::printf("%d of %zu allowed and %d of %zu forbidden spellings are miscompiled\n", broken,
                allowed.size(), avoided, forbidden.size());
    if (avoided == 0)
        std::printf("this compiler does not need the rule \"name it, then await it\"\n");
    return broken == 0 ? 0 : 1;
}
