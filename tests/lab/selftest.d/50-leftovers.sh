# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing is left, however a lab ends.
# shellcheck shell=bash

check "up" lab_a up
note_namespaces "$A"
LAB=$A ./lab exec lan sleep 1000 &
disown
check "down" lab_a down
check_equal "nothing is left" "" "$(traces_of "$A")"
check "down where nothing is" lab_a down
check_equal "and still nothing is left" "" "$(traces_of "$A")"

began=$SECONDS
check "up from the cache" lab_a up
check "takes under 30 s" test $((SECONDS - began)) -lt 30
note_namespaces "$A"
for fault in power-cut freeze-host lose-storage; do
    check "$fault" lab_a break "$fault" backup
    check "down of a broken lab ($fault)" lab_a down
    check_equal "nothing is left" "" "$(traces_of "$A")"
    check "up" lab_a up
    note_namespaces "$A"
done

rm -rf "/run/milvus-ha-lab/$A"
check "down without the state" lab_a down
check_equal "nothing is left" "" "$(traces_of "$A")"

# killed SIGNAL SECONDS: an `up` that gets the signal so long after its start.
killed() {
    local pid
    # A job of its own, so that SIGINT is not ignored as it is in plain background commands.
    set -m
    LAB=$A ./lab up >"$WORK/up.log" 2>&1 &
    pid=$!
    set +m
    sleep "$2"
    if [[ $1 == INT ]]; then kill -INT -- "-$pid"; else kill "-$1" "$pid"; fi
    wait "$pid" 2>/dev/null
}
for moment in 0.05 0.2 0.35 0.6 1.0 1.6 2.5; do
    killed KILL "$moment"
    check "up after kill -9 of an up at $moment s" lab_a up
    note_namespaces "$A"
    check "healthy" healthy
    check "down" lab_a down
    killed KILL "$moment"
    check "down after kill -9 of an up at $moment s" lab_a down
    check_equal "nothing is left" "" "$(traces_of "$A")"
    killed INT "$moment"
    check_equal "Ctrl-C at $moment s leaves nothing" "" "$(traces_of "$A")"
done
machine_state >"$WORK/machine-after"
if [[ -s $WORK/machine-before ]]; then
    check "the machine is as it was before the first up" diff "$WORK/machine-before" "$WORK/machine-after"
fi
check "no server was installed on the machine" bash -c '
    ! dpkg-query -W -f "\${db:Status-Abbrev}" openssh-server docker.io keepalived 2>/dev/null | grep -q ^ii'
