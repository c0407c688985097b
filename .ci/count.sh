# shellcheck shell=bash
# Sourced by run. Runs steps, several of them side by side, and counts what passed and what failed.
#
# The log of a step is printed whole when the step is over, so that steps that run side by side do not mix their lines. What a step counts
# is a line of $logs/counts, since lanes are processes of their own.

# All that this run starts inherits this variable. What is left in the end is found by it, wherever it has gone.
export FRESHET_CI_RUN=$$.$EPOCHSECONDS

logs=$PWD/artifacts/ci
lanes=()

begin() {
    mkdir -p "$logs"
    rm -f "$logs"/*.log "$logs"/*.over "$logs/counts" "$logs/durations"
    # Each lane is a process group, and does not ignore SIGINT, as what bash else starts in the background does: tests send it.
    set -m
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap end_all EXIT
}

# together FUNCTION...: runs these functions side by side, each a lane of steps, until all are over. It fails if one of them did.
together() {
    local lane code=0 names=("$@")
    for lane in "$@"; do
        run_lane "$lane" &
        lanes+=("$!")
    done
    for lane in "${!names[@]}"; do
        wait_for_lane "${names[lane]}" "${lanes[lane]}" || code=1
    done
    lanes=()
    return "$code"
}

run_lane() {
    local code=0
    "$1" || code=$?
    : >"$logs/$1.over"
    return "$code"
}

wait_for_lane() {
    local code=0
    wait "$2" || code=$?
    # A lane that ended before its end has not counted all that it was to do.
    [[ -e $logs/$1.over ]] || count "$1" 0 1 "FAILED with $code"
    return "$code"
}

# step NAME SECONDS COMMAND...: runs the command within that time and counts it as one.
step() {
    local code=0 took
    record "$@" || code=$?
    if ((code == 0)); then
        count "$1" 1 0 "ok, $took"
    else
        count "$1" 0 1 "FAILED with $code, $took"
    fi
    return "$code"
}

# tests NAME SECONDS COMMAND...: runs tests and counts each. What was skipped counts as failed. A run without a summary, or one that failed
# although no test did, counts as one failure.
tests() {
    local code=0 took log total succeeded broken ignored
    record "$@" || code=$?
    log=$(log_of "$1")
    total=$(total_of total "$log") succeeded=$(total_of succeeded "$log")
    broken=$(total_of failed "$log") ignored=$(total_of skipped "$log")
    if ((total == 0 || (code != 0 && broken == 0))); then
        broken=$((broken + 1))
    fi
    count "$1" "$succeeded" $((broken + ignored)) \
        "$succeeded passed, $broken failed, $ignored skipped (counted as failed), exit code $code, $took" "$(failures_of "$log")"
}

# page_tests NAME SECONDS COMMAND...: as tests, for the two runners of the page, whose summaries are "N passed" and "N failed".
page_tests() {
    local code=0 took log good bad
    cd web && NO_COLOR=1 record "$@" || code=$?
    cd ..
    log=$(log_of "$1")
    good=$(grep -v 'Test Files' "$log" | grep -oE '[0-9]+ passed' | tail -1 | grep -oE '[0-9]+')
    bad=$(grep -v 'Test Files' "$log" | grep -oE '\b[0-9]+ (failed|skipped|did not run|interrupted|flaky)' | awk '{ sum += $1 } END { print sum + 0 }')
    if ((${good:-0} == 0 || (code != 0 && bad == 0))); then
        bad=$((bad + 1))
    fi
    count "$1" "${good:-0}" "$bad" "${good:-0} passed, $bad failed, exit code $code, $took" \
        "$(grep -aE -A 24 '^ *([0-9]+\) |FAIL )' "$log")"
}

# record NAME SECONDS COMMAND...: runs the command within that time, its output in the step's log; how long it took is in $took.
record() {
    local name=$1 log bound=$2 began=$SECONDS code=0
    log=$(log_of "$name")
    printf '%4d s: %s begins\n' "$began" "$name"
    shift 2
    within "$bound" "$@" >"$log" 2>&1 || code=$?
    took="$((SECONDS - began)) s"
    printf '%d %d %s\n' "$began" "$SECONDS" "$name" >>"$logs/durations"
    return "$code"
}

# in_time SECONDS MOST: says whether all that was done so far took no longer than it should, and counts as failed if it took longer than it
# may on any machine. Time in which only steps ran that install something does not count, since it depends on what the machine has and on
# its network.
in_time() {
    local took
    took=$(working_seconds "$logs/durations")
    if ((took <= $1)); then
        count "within $1 s" 1 0 "ok, $took s besides installing"
    elif ((took <= $2)); then
        count "within $2 s" 1 0 "SLOW: $took s besides installing, on two idle processors it should be $1"
    else
        count "within $2 s" 0 1 "FAILED: all steps took $took s besides installing"
    fi
}

# working_seconds FILE: the seconds in which at least one step ran that installs nothing; its lines have begin, end and name of a step.
working_seconds() {
    awk '$3 != "install"' "$1" | sort -n | awk '
        $2 > reached { sum += $2 - ($1 > reached ? $1 : reached); reached = $2 }
        END { print sum + 0 }'
}

# Functions run as they are, they bound what they start; programs get the bound from timeout.
within() {
    local bound=$1
    shift
    if declare -F "$1" >/dev/null; then
        "$@"
    else
        timeout --kill-after=30 "$bound" "$@"
    fi
}

log_of() {
    printf '%s/%s.log' "$logs" "${1// /-}"
}

# count NAME PASSED FAILED RESULT [FAILURES]: prints the step's log with its result; keeps its numbers, and what the end is to say of it.
count() {
    local log result="--- $1: $4"
    log=$(log_of "$1")
    {
        flock 9
        printf '\n=== %s\n' "$1"
        [[ ! -e $log ]] || cat "$log"
        printf '%s\n' "$result"
        printf '%d %d\n' "$2" "$3" >>"$logs/counts"
        (($3 == 0)) || printf '%s\n%s\n' "$result" "${5-}" >>"$logs/failures.log"
    } 9>"$logs/lock"
}

# failures_of LOG: each failed or skipped test with the first lines of what it said.
failures_of() {
    awk '{ gsub(/\033\[[0-9;]*m/, "") }
        /^(failed|skipped) / { left = 16 }
        /^(passed) / { left = 0 }
        left > 0 { print; left-- }' "$1"
}

# total_of WORD LOG: the number behind that word in the last summary of the test platform.
total_of() {
    awk -v word="$1:" '{ gsub(/\033\[[0-9;]*m/, "") }
        /Test run summary/ { number = 0; inside = 1 }
        inside && $1 == word { number = $2; if (word == "skipped:") inside = 0 }
        END { print number + 0 }' "$2"
}

# Says what failed and how many in all, and ends the script; its exit code says whether all is well.
finish() {
    local passed failed
    end_all
    if [[ -s $FRESHET_CLIENT_CRASHES ]]; then
        printf '\n%d cases were tried again because another client died by a signal:\n' "$(wc -l <"$FRESHET_CLIENT_CRASHES")"
        cat "$FRESHET_CLIENT_CRASHES"
    fi
    if [[ -s $logs/failures.log ]]; then
        printf '\nWhat failed:\n'
        cut -c1-400 "$logs/failures.log"
    fi
    read -r passed failed < <(awk '{ passed += $1; failed += $2 } END { print passed + 0, failed + 0 }' "$logs/counts")
    printf '\nThe whole took %d s.\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
    ((failed == 0 && passed > 0))
    exit
}

# Ends what this run has started and is still there, such as the servers of the compiler.
end_all() {
    local lane signal left=()
    trap - EXIT
    for lane in "${lanes[@]}"; do
        kill -KILL -- "-$lane" 2>/dev/null
    done
    for signal in TERM KILL; do
        mapfile -t left < <(started)
        ((${#left[@]} == 0)) || kill -s "$signal" -- "${left[@]}" 2>/dev/null
        for ((lane = 0; lane < 50 && ${#left[@]} > 0; lane++)); do
            sleep 0.2
            mapfile -t left < <(started)
        done
    done
}

# The ids of the processes that this run has started; this shell is not among them, since its environment is older.
started() {
    env -u FRESHET_CI_RUN grep -lzxF "FRESHET_CI_RUN=$FRESHET_CI_RUN" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3
}
