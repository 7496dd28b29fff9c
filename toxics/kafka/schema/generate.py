#!/usr/bin/env python3
"""Writes tables.cpp from the message definitions in Kafka's own jar: generate.py JAR > tables.cpp

JAR is kafka-clients-*.jar with what it needs beside it, as Maven puts it there. Needs a JDK: which
errors are retriable only the class says. A definition's fields become rows, those of a structure
behind one another; a row names the first of its own and their number.
"""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

#: Both ways of each.
MESSAGES = """
Produce Fetch ListOffsets Metadata OffsetCommit OffsetFetch FindCoordinator JoinGroup Heartbeat
LeaveGroup SyncGroup DescribeGroups ListGroups SaslHandshake ApiVersions CreateTopics DeleteTopics
DeleteRecords InitProducerId OffsetForLeaderEpoch AddPartitionsToTxn AddOffsetsToTxn EndTxn
TxnOffsetCommit SaslAuthenticate DescribeQuorum DescribeCluster ConsumerGroupHeartbeat
ConsumerGroupDescribe DescribeTopicPartitions ShareGroupHeartbeat ShareFetch ShareAcknowledge
""".split()
HEADERS = ("RequestHeader", "ResponseHeader")

KINDS = {"bool": "boolean", "int8": "int8", "int16": "int16", "uint16": "uint16",
         "int32": "int32", "int64": "int64", "float64": "float64", "uuid": "uuid",
         "string": "string", "bytes": "bytes", "records": "records"}
#: As version_range has it: no end, and no version at all.
OPEN, NONE = 127, (1, 0)
ALWAYS = (0, OPEN)

COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*')
ERRORS = Path(__file__).with_name("ListErrors.java")

HEAD = """\
// Made by generate.py beside it from the message definitions of Apache Kafka {version}, which are
// under the Apache License 2.0. Not to be edited.
// clang-format off
#include "toxics/kafka/schema/tables.hpp"

namespace aconite::kafka::tables {{
namespace {{

using enum field_kind;
using enum field_shape;
"""
FOOT = """\
}  // namespace

std::span<field const> fields() { return field_rows; }
std::span<message const> messages() { return message_rows; }
std::span<api const> apis() { return api_rows; }
std::span<error const> errors() { return error_rows; }

}  // namespace aconite::kafka::tables"""


def versions(text):
    """First and last of "none", "3", "3-5" or "3+"."""
    if text in (None, "none"):
        return NONE
    if text.endswith("+"):
        return int(text[:-1]), OPEN
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def definitions(jar):
    """By name."""
    made = {}
    for name in jar.namelist():
        if name.startswith("common/message/") and name.endswith(".json"):
            text = COMMENT.sub(lambda found: found[1] or "", jar.read(name).decode())
            each = json.loads(text)
            made[each["name"]] = each
    return made


class Rows:
    """The rows of all fields, as lines."""

    def __init__(self):
        self.lines = []

    def add(self, fields, shared, title, depth=1):
        """Adds a structure's rows and, behind them, those of its fields: first and count."""
        if depth > 6:
            raise SystemExit(f"{title}: deeper than the walker goes")
        first = len(self.lines)
        self.lines += [None] * len(fields)
        known = {}
        for at, each in enumerate(fields, first):
            name = each["type"].removeprefix("[]")
            inner = each.get("fields") or shared.get(name)
            rows = (0, 0)
            if name not in KINDS:
                if name not in known:
                    known[name] = self.add(inner, shared, f"{title}.{each['name']}", depth + 1)
                rows = known[name]
            head = f"    // {title}\n" if at == first else ""
            self.lines[at] = head + self._row(each, KINDS.get(name, "structure"), rows)
        return first, len(fields)

    @staticmethod
    def _row(each, kind, rows):
        shape = "array" if each["type"].startswith("[]") else "single"
        told = [versions(each["versions"]), versions(each.get("nullableVersions")), rows,
                each.get("tag", -1), versions(each.get("taggedVersions")),
                versions(each["flexibleVersions"]) if "flexibleVersions" in each else ALWAYS]
        defaults = [None, NONE, (0, 0), -1, NONE, ALWAYS]
        while told[-1] == defaults[-1]:
            told.pop(), defaults.pop()
        parts = [f"{{{one[0]}, {one[1]}}}" if isinstance(one, tuple) else str(one)
                 for one in told]
        return f"    {{\"{each['name']}\", {kind}, {shape}, {', '.join(parts)}}},"


def message_lines(all_of, rows):
    for name in (*HEADERS, *(each + way for each in MESSAGES for way in ("Request", "Response"))):
        each = all_of[name]
        shared = {one["name"]: one["fields"] for one in each.get("commonStructs", [])}
        first, count = rows.add(each["fields"], shared, name)
        way = "request" if "Request" in name else "response"
        newest = versions(each["validVersions"])[1]
        flexible = versions(each["flexibleVersions"])
        yield (f"    {{\"{name}\", {each.get('apiKey', -1)}, direction::{way}, {newest}, "
               f"{{{flexible[0]}, {flexible[1]}}}, {{{first}, {count}}}}},")


def api_lines(all_of):
    requests = [each for each in all_of.values() if each["type"] == "request"]
    for each in sorted(requests, key=lambda one: one["apiKey"]):
        newest = versions(each["validVersions"])[1] if each["validVersions"] != "none" else -1
        flexible = versions(each.get("flexibleVersions"))
        yield (f"    {{{each['apiKey']}, \"{each['name'].removesuffix('Request')}\", {newest}, "
               f"{{{flexible[0]}, {flexible[1]}}}}},")


def error_lines(path):
    done = subprocess.run(["java", "-cp", f"{path.parent}/*", ERRORS], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in done.stdout.splitlines():
        code, name, retriable = line.split()
        yield f"    {{{code}, \"{name}\", {retriable}}},"


def main():
    path = Path(sys.argv[1])
    with zipfile.ZipFile(path) as jar:
        all_of = definitions(jar)
        version = re.search(r"^version=(.*)$",
                            jar.read("kafka/kafka-version.properties").decode(), re.M)[1]
    rows = Rows()
    messages = list(message_lines(all_of, rows))
    print(HEAD.format(version=version))
    for name, lines in (("field", rows.lines), ("message", messages), ("api", api_lines(all_of)),
                        ("error", error_lines(path))):
        print(f"constexpr {name} {name}_rows[] = {{", *lines, "};\n", sep="\n")
    print(FOOT)



if __name__ == "__main__":
    main()
