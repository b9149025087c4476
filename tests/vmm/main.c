// SPDX-License-Identifier: GPL-2.0-only
/*
 * tinyvmm: a VMM whose guest does what a script says and nothing else, so
 * that it is known exactly which pages it touched.
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "control.h"
#include "modes.h"

static const char usage[] =
	"usage: tinyvmm [OPTION...]            a VM that takes commands\n"
	"       tinyvmm ctl [-q] SOCKET [COMMAND...] send it commands\n"
	"       tinyvmm hold                   keep one empty VM until killed\n"
	"       tinyvmm churn N [kill]         create and destroy N VMs\n"
	"       tinyvmm private                try a VM with private memory\n"
	"       tinyvmm commands               list the commands\n"
	"options:\n"
	"  --slot SIZE[,gpa=A][,backing=B][,node=N][,populate]\n"
	"                     a data slot; can be repeated (default: 16M)\n"
	"  --backing B        anon, thp, memfd or hugetlb (default: anon)\n"
	"  --node N           populate slots from this NUMA node\n"
	"  --populate         populate slots\n"
	"  --vcpus N          vCPUs (default: 1)\n"
	"  --guest-paging P   4k or 2m (default: 4k)\n"
	"  --nested N         the last N vCPUs run as guests of the guest (default: 0)\n"
	"  --no-nested-ad     Intel: they run without accessed and dirty bits\n"
	"  --vms N            VMs in this process, all alike (default: 1)\n"
	"  --dirty M          how KVM's dirty log is read: bitmap, manual, ring\n"
	"  --irqchip          interrupt controllers inside KVM\n"
	"  --seed N           seed of the patterns (default: 1)\n"
	"  --ctl SOCKET       take commands from a unix socket, not stdin\n";

#define DEFAULT_SLOT "16M"

struct options {
	const char *slots[MAX_SLOTS];
	int nr_slots;
	u64 vcpus;
	u64 vms;
	const char *ctl;
};

static int parse_paging(const char *text, struct err *err)
{
	world.vm_spec.huge = !strcmp(text, "2m");
	if (!world.vm_spec.huge && strcmp(text, "4k"))
		return err_set(err, "--guest-paging %s: use 4k or 2m", text);
	return 0;
}

static int add_slot_option(struct options *o, const char *text, struct err *err)
{
	if (o->nr_slots == MAX_SLOTS)
		return err_set(err, "at most %d slots", MAX_SLOTS);
	o->slots[o->nr_slots++] = text;
	return 0;
}

static int parse_node(const char *text, struct err *err)
{
	u64 node;

	if (parse_num(text, &node, err))
		return -1;
	world.slot_spec.node = (int)node;
	return 0;
}

static int parse_option(struct options *o, int c, struct err *err)
{
	switch (c) {
	case 's':
		return add_slot_option(o, optarg, err);
	case 'b':
		return backing_parse(optarg, &world.slot_spec.backing, err);
	case 'n':
		return parse_node(optarg, err);
	case 'p':
		world.slot_spec.populate = true;
		return 0;
	case 'v':
		return parse_num(optarg, &o->vcpus, err);
	case 'A':
		world.vm_spec.no_ad = true;
		return 0;
	case 'N':
		return parse_num(optarg, &world.vm_spec.nested, err);
	case 'g':
		return parse_paging(optarg, err);
	case 'm':
		return parse_num(optarg, &o->vms, err);
	case 'i':
		world.vm_spec.irqchip = true;
		return 0;
	case 'd':
		return dirty_parse(optarg, &world.vm_spec.dirty, err);
	case 'S':
		return parse_num(optarg, &world.vm_spec.seed, err);
	case 'c':
		o->ctl = optarg;
		return 0;
	}
	return err_set(err, "say tinyvmm --help for the options");
}

static const struct option longs[] = {
	{"slot", required_argument, NULL, 's'},
	{"backing", required_argument, NULL, 'b'},
	{"node", required_argument, NULL, 'n'},
	{"populate", no_argument, NULL, 'p'},
	{"vcpus", required_argument, NULL, 'v'},
	{"nested", required_argument, NULL, 'N'},
	{"no-nested-ad", no_argument, NULL, 'A'},
	{"guest-paging", required_argument, NULL, 'g'},
	{"vms", required_argument, NULL, 'm'},
	{"dirty", required_argument, NULL, 'd'},
	{"irqchip", no_argument, NULL, 'i'},
	{"seed", required_argument, NULL, 'S'},
	{"ctl", required_argument, NULL, 'c'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static int parse_options(struct options *o, int argc, char **argv,
			 struct err *err)
{
	int c;

	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			exit(0);
		}
		if (parse_option(o, c, err))
			return -1;
	}
	if (optind != argc)
		return err_set(err, "what is '%s'? say tinyvmm --help",
			       argv[optind]);
	if (!o->nr_slots)
		o->slots[o->nr_slots++] = DEFAULT_SLOT;
	if (!o->vms || o->vms > MAX_VMS)
		return err_set(err, "--vms is 1 to %d", MAX_VMS);
	if (world.vm_spec.nested > MIN(o->vcpus, MAX_NESTED))
		return err_set(err, "--nested is at most %d, and --vcpus",
			       MAX_NESTED);
	world.vm_spec.nested_from = o->vcpus - world.vm_spec.nested;
	return 0;
}

/* Read "SIZE,key=value,..." as a line of the command language. */
static int parse_slot(const char *text, struct slot_spec *spec, struct err *err)
{
	static const struct grammar grammar = {"--slot", 1, 1, SLOT_KEYS,
					       SLOT_FLAGS};
	struct call c = {0};
	char line[256];
	char *p;
	int ret;

	snprintf(line, sizeof(line), "--slot %s", text);
	for (p = line; *p; p++)
		if (*p == ',')
			*p = ' ';
	line_split(&c.line, line);
	ret = line_match(&c.line, &grammar, &c.err) ||
	      call_slot_spec(&c, spec) ||
	      parse_num(c.line.args[0], &spec->size, &c.err);
	return ret ? err_set(err, "--slot %s: %s", text, c.err.msg) : 0;
}

/* Slots without an address follow the one before, at the next 1 GiB. */
static int plan_slots(const struct options *o, struct slot_spec *specs,
		      struct err *err)
{
	u64 next = DATA_GPA;
	int i;

	for (i = 0; i < o->nr_slots; i++) {
		world.slot_spec.gpa = next;
		if (parse_slot(o->slots[i], &specs[i], err))
			return -1;
		next = ROUND_UP(specs[i].gpa + specs[i].size, 1UL << 30);
		world.vm_spec.tables += pgtable_pages(specs[i].size / PAGE_SIZE,
						      world.vm_spec.huge);
	}
	return 0;
}

static struct vm *make_vm(const struct options *o,
			  const struct slot_spec *specs, struct err *err)
{
	struct vm *vm = vm_create(&world.vm_spec, err);
	u64 i;

	for (i = 0; vm && i < (u64)o->nr_slots; i++)
		if (vm_add_slot(vm, (int)i, &specs[i], err))
			return NULL;
	for (i = 0; vm && i < o->vcpus; i++)
		if (!vcpu_create(vm, err))
			return NULL;
	return vm;
}

static int start(const struct options *o, struct err *err)
{
	struct slot_spec specs[MAX_SLOTS];
	u64 i;

	if (plan_slots(o, specs, err))
		return -1;
	for (i = 0; i < o->vms; i++) {
		world.vms[i] = make_vm(o, specs, err);
		if (!world.vms[i])
			return -1;
	}
	return 0;
}

/* Whoever started us may wait for this line: the VMs exist, commands work. */
static void announce(void)
{
	printf("ok pid=%d vm_fd=%d\n", getpid(), world.vms[0]->fd);
	fflush(stdout);
}

static int vmm_main(int argc, char **argv)
{
	struct options o = {.vcpus = 1, .vms = 1};
	struct err err;
	int fd = -1, ret = 0;

	world.vm_spec.seed = 1;
	world.slot_spec.node = NODE_ANY;
	if (parse_options(&o, argc, argv, &err) || start(&o, &err))
		goto err_out;
	if (o.ctl) {
		fd = control_listen(o.ctl, &err);
		if (fd < 0)
			goto err_out;
	}
	announce();
	if (o.ctl)
		control_serve(fd);
	else
		ret = control_stdin() ? 1 : 0;
	if (o.ctl)
		unlink(o.ctl);
	return ret;

err_out:
	fprintf(stderr, "tinyvmm: %s.\n", err.msg);
	return 1;
}

static int commands_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	command_help(stdout);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} modes[] = {
	{"ctl", client_main},	     {"hold", hold_main},
	{"churn", churn_main},	     {"private", private_main},
	{"commands", commands_main},
};

int main(int argc, char **argv)
{
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	vcpu_init_signals();
	for (i = 0; argc > 1 && i < sizeof(modes) / sizeof(*modes); i++)
		if (!strcmp(argv[1], modes[i].name))
			return modes[i].run(argc - 2, argv + 2);
	return vmm_main(argc, argv);
}
