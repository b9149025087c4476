# SPDX-License-Identifier: GPL-2.0-only
# Generated from docs/netlink/vtmm.yaml by: make generate. Do not edit.
s/@name\.limits@/at most 63 bytes/g
s/@name\.default@/the VMM's/g
s/@mode\.limits@/manage, observe or off/g
s/@mode\.default@/manage/g
s/@period\.limits@/10ms..60s/g
s/@period\.default@/600ms/g
s/@budget\.limits@/0.1%..100% or none/g
s/@budget\.default@/2%/g
s/@min\.limits@/64M, or 10% of the pool/g
s/@min\.default@/0/g
s/@max\.limits@/4G, 80% of the pool, none/g
s/@max\.default@/none/g
s/@shares\.limits@/1..10000/g
s/@shares\.default@/100/g
s/@rate\.limits@/100M, none/g
s/@rate\.default@/none/g
s/@window\.limits@/2..10/g
s/@window\.default@/10/g
s/@read-weight\.limits@/0..3/g
s/@read-weight\.default@/1/g
s/@write-weight\.limits@/0..3/g
s/@write-weight\.default@/3/g
s/@hot\.limits@/0.1%..100%/g
s/@hot\.default@/90%/g
s/@hysteresis\.limits@/0..30/g
s/@hysteresis\.default@/2/g
s/@cooldown\.limits@/0..255/g
s/@cooldown\.default@/20/g
s/@floor\.default@/100 MB or 1 % of the VM/g
s/@queue\.limits@/on or off/g
s/@queue\.default@/on/g
s/@history@/10/g
s/@settings@/*-n*, *--name* _NAME_; *--mode* _MODE_; *--period* _TIME_; *--budget* _PERCENT_; *--min* _SIZE_; *--max* _SIZE_; *--shares* _N_; *--rate* _RATE_; *--window* _N_; *--read-weight* _N_; *--write-weight* _N_; *--hot* _PERCENT_; *--hysteresis* _N_; *--cooldown* _N_; *--floor* _SIZE_; *--queue* _on|off_/
