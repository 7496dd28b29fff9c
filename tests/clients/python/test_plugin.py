"""The plugin as users meet it: fixtures, marker, reset, reports."""

LATENCY = '@pytest.mark.toxic("echo", type="latency", attributes={"latency": 120})\n'


def test_fixtures_and_marker_work(run_tests):
    result = run_tests(LATENCY + '''
def test_body(proxy):
    assert talk(proxy("echo", ECHO)) >= 0.12

@pytest.fixture
def echo(proxy):
    made = proxy("echo", ECHO, label="of a fixture", seed=5)
    talk(made)
    assert made.stats().hits == 0  # the fault begins with the test's body
    return made

@pytest.mark.toxic("echo", "latency", stream="upstream", name="slow", toxicity=1.0, seed=3,
                   attributes={"latency": 120}, match={"client": "127.0.0.1"},
                   trigger={"times": 1}, ttl=60000, schedule=[{"at": 50000, "remove": True}])
def test_fixture(echo, aconite_server):
    assert talk(echo) >= 0.12
    talk(echo)
    assert echo.toxic("slow").stats().hits == 1
    (toxic,) = aconite_server.proxy("echo").toxics()
    assert (toxic.name, toxic.stream, toxic.seed) == ("slow", "upstream", 3)
    assert (echo.label, echo.seed) == ("of a fixture", 5)

def test_proxies_and_toxics_are_gone(aconite_server):
    assert aconite_server.proxies() == {}
''', "-W", "error", "--strict-markers")
    result.assert_outcomes(passed=3)


def test_markers_of_module_class_and_function_add_up_in_order(run_tests):
    result = run_tests('''
pytestmark = pytest.mark.toxic("echo", "latency", name="module", required=False)

@pytest.mark.toxic("echo", "latency", name="class", required=False)
class TestClass:
    @pytest.mark.toxic("echo", "latency", name="first", required=False)
    @pytest.mark.toxic("echo", "latency", name="second", required=False)
    def test_all(self, proxy):
        names = [each.name for each in proxy("echo", ECHO).toxics()]
        assert names == ["module", "class", "first", "second"]
''')
    result.assert_outcomes(passed=1)


def test_a_marker_alone_is_enough_for_a_proxy_of_the_session(run_tests):
    result = run_tests('''
@pytest.fixture(scope="session")
def echo(aconite_server):
    return aconite_server.create_proxy("echo", ECHO)

def test_makes_it(echo):
    talk(echo)

''' + LATENCY + '''
def test_marked():
    with socket.socket(): pass

''')
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines([
        "@pytest.mark.toxic('echo', type='latency'): the toxic latency_downstream never acted; "
        "the proxy echo had 1 connection so far. If the test may pass without it: required=False"])


def test_each_test_leaves_a_clean_server(run_tests):
    result = run_tests('''
@pytest.fixture(scope="module")
def echo(aconite_server):
    return aconite_server.create_proxy("echo", ECHO)

def test_leaves_a_mess(echo):
    echo.add_toxic("timeout", attributes={"timeout": 0})
    echo.disable()
    assert False, "on purpose"

def test_meets_none(echo):
    assert echo.refresh().enabled and echo.toxics() == []
    talk(echo)

''' + LATENCY + '''
@pytest.mark.parametrize("time", (1, 2))
def test_marked_twice_in_a_row(echo, time):
    assert talk(echo) >= 0.12

def test_the_journal_has_their_names(aconite_server):
    texts = [each.details["text"] for each in aconite_server.journal(kind="mark")]
    name = __file__.rpartition("/")[2] + "::test_meets_none"
    assert texts.index(f"{name} ends") == texts.index(f"{name} begins") + 1
''')
    result.assert_outcomes(passed=4, failed=1)


def test_a_failing_test_shows_the_journal_since_it_began(run_tests):
    result = run_tests('''
def test_before(proxy):
    talk(proxy("before", ECHO))

''' + LATENCY + '''
def test_fails(proxy):
    talk(proxy("echo", ECHO))
    assert False, "on purpose"

@pytest.fixture
def broken(proxy):
    talk(proxy("broken", ECHO))
    raise RuntimeError("on purpose")

def test_errs(broken):
    pass

def test_without_aconite():
    assert False, "on purpose"
''')
    result.assert_outcomes(passed=1, failed=2, errors=1)
    result.stdout.fnmatch_lines([
        "*ERROR at setup of test_errs*",
        "*- aconite journal -*",
        "*control * broken * proxy created",
        "*_ test_fails _*",
        "*- aconite journal -*",
        "*0.000 ms  mark *::test_fails begins",
        "*control * echo/latency_downstream * toxic added*",
        "*open * echo * #0 *",
        "*hit * echo/latency_downstream * #0 * delay_ms=120*",
        "*_ test_without_aconite _*",
    ])
    result.stdout.no_fnmatch_line("*before * proxy created")
    assert str(result.stdout).count("- aconite journal -") == 2


def test_of_a_long_journal_the_end_is_shown(run_tests):
    result = run_tests('''
def test_fails(aconite_server):
    for number in range(300):
        aconite_server.mark(str(number))
    assert False, "on purpose"
''')
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["(101 records before)", "*mark * 100", "*mark * 299"])
    result.stdout.no_fnmatch_line("*mark * 99")


def test_a_toxic_that_never_acted_fails_the_test(run_tests):
    result = run_tests(LATENCY + '''
def test_no_traffic(proxy):
    proxy("echo", ECHO)

''' + LATENCY.replace("latency\",", 'latency", match={"ordinal": 7},') + '''
def test_other_connection(proxy):
    talk(proxy("echo", ECHO))

''' + LATENCY.replace("latency\",", 'latency", required=False,') + '''
def test_not_required(proxy):
    proxy("echo", ECHO)

''' + LATENCY + '''
def test_removed_by_the_test_after_it_acted(proxy):
    made = proxy("echo", ECHO)
    talk(made)
    made.toxic("latency_downstream").remove()

''' + LATENCY + '''
def test_fails_by_itself(proxy):
    proxy("echo", ECHO)
    assert False, "on purpose"

''' + LATENCY + '''
@pytest.mark.xfail
def test_expected_to_fail(proxy):
    proxy("echo", ECHO)
    assert False

''' + LATENCY + '''
def test_skips(proxy):
    pytest.skip("on purpose")
''')
    result.assert_outcomes(passed=2, failed=3, xfailed=1, skipped=1)
    result.stdout.fnmatch_lines([
        "*_ test_no_traffic _*", "*never acted; the proxy echo had 0 connections so far.*",
        "*- aconite journal -*",
        "*_ test_other_connection _*", "*never acted; the proxy echo had 1 connection so far.*"])
    assert str(result.stdout).count("never acted") == 2


def test_a_wrong_marker_is_told(run_tests):
    result = run_tests('''
@pytest.mark.toxic("nobody", type="latency")
def test_no_such_proxy(aconite_server):
    assert False, "not reached"

@pytest.mark.toxic("nobody", type="latency")
def test_never_made(proxy):
    proxy("echo", ECHO)

@pytest.mark.toxic("echo")
def test_no_type(proxy):
    assert False, "not reached"

@pytest.mark.toxic("echo", type="latency", attribute={})
def test_no_such_argument(proxy):
    assert False, "not reached"

@pytest.mark.toxic("echo", type="latency", attributes={"latancy": 5})
def test_no_such_attribute(proxy):
    proxy("echo", ECHO)

@pytest.mark.toxic("echo", type="corrupt", attributes={"rate": 7})
def test_out_of_bounds(proxy):
    proxy("echo", ECHO)
''')
    result.assert_outcomes(failed=4, errors=2)
    result.stdout.fnmatch_lines([
        "@pytest.mark.toxic: *missing*type*",
        "@pytest.mark.toxic: *unexpected keyword argument 'attribute'",
        "@pytest.mark.toxic('nobody', type='latency'): there is no such proxy; there are: none",
        "@pytest.mark.toxic('nobody', type='latency'): there is no such proxy; there are: echo",
        "@pytest.mark.toxic('echo', type='latency'): * ignored unknown fields: "
        "/attributes/latancy",
        "@pytest.mark.toxic('echo', type='corrupt'): *rate*(status 400)"])
    result.stdout.no_fnmatch_line("*not reached*")
    result.stdout.no_fnmatch_line("*another exception*")


def test_the_marker_is_listed(run_tests):
    run_tests("").stdout.no_fnmatch_line("*error*")
    result = run_tests("", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.toxic(proxy, type, *required=True): *"])
