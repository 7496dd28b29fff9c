#pragma once

namespace aconite::daemon {

/// Runs the server until SIGINT or SIGTERM; a second signal ends the process at once.
/// `argv[0]` is the program's name, the flags follow. Returns the exit status: 0 after a
/// clean stop, 1 if it could not start, 2 for a mistake on the command line. Owns the
/// process: signals, limits, standard output. Call it once, from main.
int serve(int argc, char** argv);

}  // namespace aconite::daemon
