"""Calls that are read from standard input, and their answers on standard output."""

import json
import sys


def plain(result):
    """As JSON has it: an error among the results of a pipeline is an object."""
    if isinstance(result, Exception):
        return {"error": type(result).__name__, "text": str(result)}
    if isinstance(result, (list, tuple)):
        return [plain(each) for each in result]
    return result


def lead(carry_out):
    """Each line is the name of a call and its words."""
    for line in sys.stdin:
        try:
            answer = {"result": plain(carry_out(*line.split()))}
        except Exception as error:  # pylint: disable=broad-except  # whatever it is, it is told
            answer = plain(error)
        print(json.dumps(answer), flush=True)
