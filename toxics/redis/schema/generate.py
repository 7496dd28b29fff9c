#!/usr/bin/env python3
"""Writes tables.cpp from what a server says of its commands: generate.py PORT > tables.cpp

Needs redis-cli. A command has a row for each of its key specifications; one whose keys only the server
can find (`unknown`) has none for those. Subcommands are called "xgroup|create".
https://redis.io/docs/latest/develop/reference/key-specs/
"""

import json
import subprocess
import sys

HEAD = """\
// Made by generate.py beside it from what COMMAND of Redis {version} says. Not to be edited.
// clang-format off
#include "toxics/redis/schema/tables.hpp"

namespace aconite::redis::tables {{
namespace {{

"""
FOOT = """\
}  // namespace

std::span<key_spec const> key_specs() { return spec_rows; }
std::span<command_row const> commands() { return command_rows; }

}  // namespace aconite::redis::tables"""


def ask(port, *words):
    return subprocess.run(["redis-cli", "-p", port, "-3", *words], check=True, timeout=30,
                          capture_output=True, text=True).stdout


def spec_row(spec):
    """None: only the server can tell."""
    begin, find = spec["begin_search"], spec["find_keys"]
    if "unknown" in (begin["type"], find["type"]):
        return None
    if begin["type"] == "keyword":
        start = f'"{begin["spec"]["keyword"]}", {begin["spec"]["startfrom"]}'
    else:
        start = f'"", {begin["spec"]["index"]}'
    found = find["spec"]
    if find["type"] == "keynum":
        keys = f'true, {found["keynumidx"]}, {found["firstkey"]}, {found["keystep"]}, 0'
    else:
        keys = f'false, {found["lastkey"]}, 0, {found["keystep"]}, {found["limit"]}'
    return f"    {{{start}, {keys}}},"


def all_commands(rows):
    for row in rows:
        yield row
        yield from all_commands(row[9])


def main():
    port = sys.argv[1]
    version = next(line.split(":")[1].strip() for line in ask(port, "INFO", "server").splitlines()
                   if line.startswith("redis_version:"))
    specs, commands = [], []
    for row in sorted(all_commands(json.loads(ask(port, "--json", "COMMAND")))):
        own = [made for made in map(spec_row, row[8]) if made]
        reads = "true" if "readonly" in row[2] else "false"
        subcommands = "true" if row[9] else "false"
        commands.append(f'    {{"{row[0]}", {len(specs)}, {len(own)}, {reads}, {subcommands}}},')
        specs += own
    print(HEAD.format(version=version), end="")
    print("constexpr key_spec spec_rows[] = {", *specs, "};\n", sep="\n")
    print("constexpr command_row command_rows[] = {", *commands, "};\n", sep="\n")
    print(FOOT)


main()
