#!/usr/bin/env bash
# Adds up the result lines of `cargo test`, Python's unittest and vitest in a log: `N passed, N failed`, and
# `, N skipped` for ignored ones. Fails when a test failed or none ran.
set -euo pipefail
awk '
    /^test result: / {
        for (i = 1; i < NF; i++) {
            if ($(i + 1) == "passed;") passed += $i
            if ($(i + 1) == "failed;") failed += $i
            if ($(i + 1) == "ignored;") ignored += $i
        }
    }
    # "Ran 12 tests in 3.4s", then "OK (skipped=1)" or "FAILED (failures=1, errors=2)".
    /^Ran [0-9]+ tests? in / { ran = $2 }
    /^(OK|FAILED)( \(|$)/ && ran != "" {
        line = $0
        gsub(/[^0-9a-z=]+/, " ", line)
        bad = left = 0
        count = split(line, parts, " ")
        for (i = 1; i <= count; i++) {
            split(parts[i], pair, "=")
            if (pair[1] == "failures" || pair[1] == "errors") bad += pair[2]
            if (pair[1] == "skipped") left += pair[2]
        }
        passed += ran - bad - left
        failed += bad
        ignored += left
        ran = ""
    }
    # vitest: "      Tests  1 failed | 41 passed | 2 skipped (44)".
    /^ +Tests  / {
        for (i = 2; i <= NF; i++) {
            if ($i == "passed") passed += $(i - 1)
            if ($i == "failed") failed += $(i - 1)
            if ($i == "skipped") ignored += $(i - 1)
        }
    }
    END {
        line = (passed + 0) " passed, " (failed + 0) " failed"
        if (ignored > 0) line = line ", " ignored " skipped"
        print line
        exit (failed > 0 || passed == 0) ? 1 : 0
    }
' "$1"
