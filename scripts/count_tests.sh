#!/usr/bin/env bash
# Adds up the result lines of `cargo test` in a log: `N passed, N failed`, and `, N skipped` for
# ignored ones. Fails when a test failed or none ran.
set -euo pipefail
awk '
    /^test result: / {
        for (i = 1; i < NF; i++) {
            if ($(i + 1) == "passed;") passed += $i
            if ($(i + 1) == "failed;") failed += $i
            if ($(i + 1) == "ignored;") ignored += $i
        }
    }
    END {
        line = (passed + 0) " passed, " (failed + 0) " failed"
        if (ignored > 0) line = line ", " ignored " skipped"
        print line
        exit (failed > 0 || passed == 0) ? 1 : 0
    }
' "$1"
