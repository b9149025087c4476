#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# budget: rounds that would take more of a CPU than the VM's budget come less
# often; a VM that does not run has no rounds, and has them again by itself; a
# period or a budget out of range is refused. CPU time is asked from vtmm; that
# without a budget it is more than the budget shows that the test can fail.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# The budget, in percent, that rounds of this VM need a longer period for
budget=4

skipped_since()
{
	look "$vm"
	[ "$(($(seen rounds_skipped) - $1))" -ge "$2" ]
}

need_module
for wrong in "--period 9ms" "--period 61s"; do
	# shellcheck disable=SC2086
	assert_fails "$wrong is refused" "is out of range, 10ms..60s" vtmmctl attach 1 $wrong
done
assert_fails "--budget 0.05 is refused" "is not a percentage" vtmmctl attach 1 --budget 0.05
assert_fails "--budget 101% is refused" "is more than 100%" vtmmctl attach 1 --budget 101%
boot_vm --slot 32M --node 1 --populate
vtmmctl attach "$vm" --mode observe --period 10ms --budget none >/dev/null ||
	fail "attach failed"
look "$vm"
assert_eq "no budget" "$(seen budget_permille)" 0
tell "$vm" "write loop exit=500" || fail "the guest cannot do that"
spent 20
echo "without a budget: $permille/1000 of a CPU, period $(seen period_us) us"
assert "rounds of this VM need more than the budget" test "$permille" -gt $((budget * 20))
assert_eq "and come at the period asked for" "$(seen period_us)" 10000

vtmmctl set "$vm" --budget "$budget%" || fail "no budget can be set"
assert "a round with a budget" wait_for 20 rounds_since "$(seen rounds)" 4
spent 20
echo "with a budget of $budget%: $permille/1000 of a CPU, period $(seen period_us) us"
assert "rounds keep to the budget" test "$permille" -le $((budget * 15))
assert "by a longer period" test "$(seen period_us)" -gt 20000

vtmmctl set "$vm" --budget none || fail "the budget cannot be lifted"
tell "$vm" stop "read 5"
assert "a VM that does not run has no rounds" wait_for 20 skipped_since "$(seen rounds_skipped)" 3
round=$(seen round) rounds=$(seen rounds)
assert "status says why" sh -c 'vtmmctl stats | grep -q "rounds not needed *[1-9]"'
assert "some more turns" wait_for 20 skipped_since "$(seen rounds_skipped)" 5
assert_eq "and still no round" "$(seen rounds)" "$rounds"
next_round "$vm"
look "$vm"
assert_eq "but one that is asked for" "$(seen rounds)" "$((rounds + 1))"
tell "$vm" "write loop exit=500" || fail "the guest cannot do that"
assert "rounds begin again with the guest" wait_for 20 rounds_since "$rounds" 5
tell "$vm" pause
assert "a paused VM has no rounds" wait_for 20 skipped_since "$(seen rounds_skipped)" 3
rounds=$(seen rounds)
assert "some more turns" wait_for 20 skipped_since "$(seen rounds_skipped)" 5
assert_eq "and still no round" "$(seen rounds)" "$rounds"
tell "$vm" resume
assert "rounds begin again when it is resumed" wait_for 20 rounds_since "$rounds" 5
