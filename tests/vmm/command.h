/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands: what a scenario can say to the VMM. Each is a table entry; the
 * tables are one per subject. Handlers run with world_lock held.
 */
#ifndef VMM_COMMAND_H
#define VMM_COMMAND_H

#include "script.h"
#include "vcpu.h"

/* All VMs of this process, and how further ones are made. */
struct world {
	struct vm *vms[MAX_VMS];
	struct vm_spec vm_spec;
	struct slot_spec slot_spec;
	bool quit;
};

extern struct world world;

/**
 * struct call - a command being carried out
 * @line: what was said
 * @vm: the VM that it is about (vm=N, else 0)
 * @out: data lines go here, see say()
 * @reply: what follows "ok"
 * @err: what follows "error"
 */
struct call {
	struct line line;
	struct vm *vm;
	FILE *out;
	u64 nr_lines;
	char reply[512];
	struct err err;
};

struct command {
	struct grammar grammar;
	int (*run)(struct call *c);
	const char *help;
};

/* Tables end with an entry without a verb. */
extern const struct command access_commands[];
extern const struct command memory_commands[];
extern const struct command hold_commands[];
extern const struct command vm_commands[];

/**
 * command_run() - carry out one line
 * @text: the line
 * @out: where the answer goes: data lines, each after a tab, then one line
 *	that begins with "ok" or "error"
 *
 * Return: 0, or -1 if the answer is an error.
 */
int command_run(const char *text, FILE *out);

/* All commands with their options, for people. */
void command_help(FILE *out);

/* A data line of the answer. */
void say(struct call *c, const char *fmt, ...) __printf(2, 3);

/* Set what follows "ok". Return: 0. */
int reply(struct call *c, const char *fmt, ...) __printf(2, 3);

/* The set that an argument names; all data pages without the argument. */
int call_set(struct call *c, int arg, struct pageset *set);

/* The vCPU named by vcpu=N, else vCPU 0. */
struct vcpu *call_vcpu(struct call *c);

/* What is done to the pages @first.. of a slot, @nr of them. */
typedef int (*part_fn)(struct call *c, struct slot *s, u64 first, u64 nr,
		       void *data);

/* Call @fn for the part of a sorted set in each slot, until one fails. */
int call_each_part(struct call *c, const struct pageset *set, part_fn fn,
		   void *data);

/* A slot as the options size= gpa= backing= node= and flag populate say. */
int call_slot_spec(struct call *c, struct slot_spec *spec);

#define SLOT_KEYS "size gpa backing node"
#define SLOT_FLAGS "populate"

#endif
