// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare: reads out of vtmm.ko what it believes of the kernel's private
 * functions and structs, and compares it with the type information (BTF) of the
 * kernel that it was built for. It reads files and changes nothing.
 */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/btf.h"

/**
 * struct piece - bytes in memory
 * @data: the first of them
 * @len: how many
 */
struct piece {
	char *data;
	size_t len;
};

static void die(const char *file, const char *why)
{
	fprintf(stderr, "vtmm: %s: %s\n", file, why);
	exit(2);
}

static struct piece read_file(const char *name)
{
	struct piece p = {NULL, 0};
	size_t room = 0, got;
	FILE *file = fopen(name, "rb");

	if (!file)
		die(name, strerror(errno));
	do {
		if (p.len == room) {
			room = room ? 2 * room : 1 << 20;
			p.data = realloc(p.data, room);
			if (!p.data)
				die(name, "no memory");
		}
		got = fread(p.data + p.len, 1, room - p.len, file);
		p.len += got;
	} while (got);
	if (ferror(file))
		die(name, "cannot be read");
	fclose(file);
	return p;
}

/* A section of an ELF file, or all of another file. No data: it has none. */
static struct piece section(const char *file, struct piece all,
			    const char *name)
{
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)all.data;
	const Elf64_Shdr *s, *names;
	struct piece none = {NULL, 0};
	int i;

	if (all.len < sizeof(*e) || memcmp(e->e_ident, ELFMAG, SELFMAG))
		return all;
	if (e->e_ident[EI_CLASS] != ELFCLASS64 || e->e_shoff > all.len ||
	    e->e_shnum * sizeof(*s) > all.len - e->e_shoff ||
	    e->e_shstrndx >= e->e_shnum)
		die(file, "is no complete 64-bit ELF file");
	s = (const Elf64_Shdr *)(all.data + e->e_shoff);
	names = &s[e->e_shstrndx];
	for (i = 0; i < e->e_shnum; i++) {
		if (s[i].sh_offset > all.len || s[i].sh_type == SHT_NOBITS ||
		    s[i].sh_size > all.len - s[i].sh_offset ||
		    s[i].sh_name >= names->sh_size)
			continue;
		if (!strcmp(all.data + names->sh_offset + s[i].sh_name, name))
			return (struct piece){all.data + s[i].sh_offset,
					      s[i].sh_size};
	}
	return none;
}

/* Types of a file. Exits with status 3 when it holds none. */
static struct vtmm_btf open_types(const char *file, const struct vtmm_btf *base)
{
	struct piece p = section(file, read_file(file), ".BTF");
	struct vtmm_btf b;
	__u32 *at;
	long nr;

	if (!p.data) {
		printf("%s holds no type information\n", file);
		exit(3);
	}
	nr = vtmm_btf_count(p.data, p.len);
	at = calloc(nr > 0 ? nr : 1, sizeof(*at));
	if (nr <= 0 || !at || vtmm_btf_open(&b, p.data, p.len, base, at) < 0)
		die(file, "its type information cannot be read");
	return b;
}

/* The name of a module from that of its file: kvm_intel of .../kvm-intel.ko. */
static void module_name(const char *file, char *name, size_t size)
{
	const char *base = strrchr(file, '/');
	char *c;

	snprintf(name, size, "%s", base ? base + 1 : file);
	name[strcspn(name, ".")] = '\0';
	for (c = name; *c; c++)
		if (*c == '-')
			*c = '_';
}

/* Facts about @module; returns how many differ. */
static int compare(const struct vtmm_btf *b, const char *module,
		   struct piece facts, bool verbose)
{
	const struct vtmm_fact *f = (const struct vtmm_fact *)facts.data;
	const struct vtmm_fact *end = f + facts.len / sizeof(*f);
	char say[320];
	int differ = 0;

	for (; f < end; f++) {
		if (strcmp(f->module, module))
			continue;
		switch (vtmm_btf_compare(b, f, say, sizeof(say))) {
		case VTMM_BTF_DIFFERS:
			differ++;
			printf("differs: %s\n", say);
			break;
		case VTMM_BTF_ABSENT:
			printf("absent: %s does not name %s\n", module,
			       f->name);
			break;
		case VTMM_BTF_SAME:
			if (verbose)
				printf("same: %s %s %s %u\n", f->module,
				       f->name, f->what, f->offset);
		}
	}
	return differ;
}

int main(int argc, char **argv)
{
	bool verbose = argc > 1 && !strcmp(argv[1], "-v");
	struct vtmm_btf kernel, types;
	struct piece facts;
	char name[32];
	int i, differ;

	argv += verbose;
	argc -= verbose;
	if (argc < 4) {
		fprintf(stderr,
			"usage: compare [-v] vtmm.ko VMLINUX MODULE...\n");
		return 2;
	}
	facts = section(argv[1], read_file(argv[1]), VTMM_FACTS_SECTION);
	if (!facts.len || facts.len % sizeof(struct vtmm_fact))
		die(argv[1], "does not tell what it believes of the kernel");
	kernel = open_types(argv[2], NULL);
	differ = compare(&kernel, "vmlinux", facts, verbose);
	for (i = 3; i < argc; i++) {
		types = open_types(argv[i], &kernel);
		module_name(argv[i], name, sizeof(name));
		differ += compare(&types, name, facts, verbose);
	}
	return differ ? 1 : 0;
}
