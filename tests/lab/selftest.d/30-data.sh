# SPDX-License-Identifier: GPL-3.0-or-later
# The stand-in keeps what it acknowledges, and what goes wrong is found: lost rows, two writers.
# shellcheck shell=bash

compile
# A fresh lab: the faults of another part may have made two writers, as the recipe does.
check "down" lab_a down
check "up" lab_a up

LAB=$A ./lab exec lan "$WORK/vip-client" --vip 192.168.1.104 --json --insert --acked "$WORK/acked" \
    >"$WORK/client.json" 2>"$WORK/client.err" &
client=$!
"$WORK/two-writers" --lab "$A" >"$WORK/writers.json" &
writers=$!
BACKGROUND+=("$client" "$writers")
check "the client sees Milvus" within 5 grep -q 'first good answer' "$WORK/client.err"
check "rows are acknowledged" within 5 test -s "$WORK/acked"
lab_a break kill-container
check "the backup takes over" within 10 backup_took_over
check "heal" lab_a heal
kill -TERM "$client" "$writers"
wait "$client" "$writers"
client_field() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"; }
check_equal "the client saw two outages, failover and fail-back" 2 \
    "$(client_field "$WORK/client.json" 'len(d["outages"])')"
check_equal "of 1 to 10 s" True "$(client_field "$WORK/client.json" 'all(1 < o["outage_s"] < 10 for o in d["outages"])')"
check_equal "the client's clock and durations agree" True "$(client_field "$WORK/client.json" \
    'all(abs((o["first_good_us"] - o["last_good_us"]) / 1e6 - o["outage_s"]) < 0.05 for o in d["outages"])')"
check_equal "nobody saw two writers while heal was at work" False "$(client_field "$WORK/writers.json" 'd["ever_both"]')"
check "no acknowledged row is lost" lab_a check-data --acked "$WORK/acked"

sed '$ a 4711' "$WORK/acked" >"$WORK/acked-too-much"
check_equal "a row that is missing is found" 1 \
    "$(lab_a check-data --acked "$WORK/acked-too-much" --json >/dev/null; echo $?)"
check_equal "and named" "[4711]" "$(lab_a check-data --acked "$WORK/acked-too-much" --json |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["lost"])')"

"$WORK/two-writers" --lab "$A" >"$WORK/writers.json" &
writers=$!
BACKGROUND+=("$writers")
on backup docker start milvus >/dev/null
check "0.x has no lock: both run" within 5 runs backup
check "and both take rows" bash -c "
    LAB=$A ./lab exec master curl -sf -d '{\"count\":1}' 127.0.0.1:19121/standin/insert &&
    LAB=$A ./lab exec backup curl -sf -d '{\"count\":1}' 127.0.0.1:19121/standin/insert"
kill -TERM "$writers"
wait "$writers"
check_equal "the sampler saw two writers" True "$(client_field "$WORK/writers.json" 'd["ever_both"]')"
check_equal "and so does the log" True \
    "$(lab_a check-data --json | python3 -c 'import json,sys; print(len(json.load(sys.stdin)["overlaps"]) > 0)')"
check "heal ends it" lab_a heal
check "healthy" healthy
