// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding and calling the handler of a command line, and what the handlers
 * share.
 */
#include <string.h>

#include "command.h"

struct world world;

static const struct command *const tables[] = {access_commands, memory_commands,
					       hold_commands, vm_commands};

static const struct command *find(const char *verb)
{
	const struct command *c;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (c = tables[i]; c->grammar.verb; c++)
			if (!strcmp(c->grammar.verb, verb))
				return c;
	return NULL;
}

void command_help(FILE *out)
{
	const struct command *c;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (c = tables[i]; c->grammar.verb; c++)
			fprintf(out, "\t%-10s %s\n", c->grammar.verb, c->help);
}

void say(struct call *c, const char *fmt, ...)
{
	va_list ap;

	fputc('\t', c->out);
	va_start(ap, fmt);
	vfprintf(c->out, fmt, ap);
	va_end(ap);
	fputc('\n', c->out);
	c->nr_lines++;
}

int reply(struct call *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->reply, sizeof(c->reply), fmt, ap);
	va_end(ap);
	return 0;
}

static int find_vm(struct call *c)
{
	u64 n;

	if (line_num(&c->line, "vm", 0, &n, &c->err))
		return -1;
	c->vm = n < MAX_VMS ? world.vms[n] : NULL;
	return c->vm ? 0 : err_set(&c->err, "there is no VM %lu", n);
}

static int call_command(struct call *c, const char *text)
{
	const struct command *cmd;
	const char *verb = line_split(&c->line, text);
	int ret;

	if (!verb)
		return err_set(&c->err, "the line is too long");
	if (!*verb)
		return 0;
	cmd = find(verb);
	if (!cmd)
		return err_set(&c->err, "no command '%.40s': try help", verb);
	if (line_match(&c->line, &cmd->grammar, &c->err))
		return -1;
	pthread_mutex_lock(&world_lock);
	ret = find_vm(c);
	if (!ret)
		ret = cmd->run(c);
	pthread_mutex_unlock(&world_lock);
	return ret;
}

int command_run(const char *text, FILE *out)
{
	struct call c = {.out = out};
	int ret = call_command(&c, text);

	if (ret)
		fprintf(out, "error %s\n", c.err.msg);
	else if (c.nr_lines)
		fprintf(out, "ok lines=%lu\n", c.nr_lines);
	else
		fprintf(out, "ok%s%s\n", *c.reply ? " " : "", c.reply);
	fflush(out);
	return ret;
}

int call_set(struct call *c, int arg, struct pageset *set)
{
	int i;

	if (arg < c->line.nr_args)
		return pageset_parse(set, c->line.args[arg], c->vm->spans,
				     &c->err);
	for (i = 0; i < MAX_SLOTS; i++)
		pageset_add(set, c->vm->spans[i].gfn, c->vm->spans[i].pages, 1);
	return set->nr ? 0 : err_set(&c->err, "the VM has no data slot");
}

struct vcpu *call_vcpu(struct call *c)
{
	u64 n;

	if (line_num(&c->line, "vcpu", 0, &n, &c->err))
		return NULL;
	if (n >= (u64)c->vm->nr_vcpus) {
		err_set(&c->err, "there is no vCPU %lu", n);
		return NULL;
	}
	return c->vm->vcpus[n];
}

int call_each_part(struct call *c, const struct pageset *set, part_fn fn,
		   void *data)
{
	size_t i;
	u64 done, nr;

	for (i = 0; i < set->nr; i++) {
		for (done = 0; done < set->r[i].count; done += nr) {
			u64 gfn = set->r[i].gfn + done;
			struct slot *s = vm_slot_of(c->vm, gfn);

			nr = MIN(set->r[i].count - done,
				 s->gfn + s->pages - gfn);
			if (fn(c, s, gfn - s->gfn, nr, data))
				return -1;
		}
	}
	return 0;
}

int call_slot_spec(struct call *c, struct slot_spec *spec)
{
	const char *backing = line_opt(&c->line, "backing");
	u64 node;

	*spec = world.slot_spec;
	if (line_num(&c->line, "size", spec->size, &spec->size, &c->err) ||
	    line_num(&c->line, "gpa", spec->gpa, &spec->gpa, &c->err) ||
	    line_num(&c->line, "node", spec->node, &node, &c->err) ||
	    (backing && backing_parse(backing, &spec->backing, &c->err)))
		return -1;
	spec->node = (int)node;
	if (line_flag(&c->line, "populate"))
		spec->populate = true;
	return 0;
}
