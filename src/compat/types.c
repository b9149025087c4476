// SPDX-License-Identifier: GPL-2.0-only
/*
 * types: compares what vtmm believes of the kernel with the type information of the
 * kernel that runs, once, when it is loaded. Where vtmm was built with the kernel's
 * modules at hand this was done before; where there were headers only, it is done
 * here for the first time. It must never keep anything.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "btf.h"
#include "types.h"

/**
 * struct vtmm_loaded_btf - type information that was read
 * @btf: to be asked
 * @data: the file's content
 * @at: its index
 */
struct vtmm_loaded_btf {
	struct vtmm_btf btf;
	void *data;
	u32 *at;
};

static void vtmm_btf_unload(struct vtmm_loaded_btf *b)
{
	kvfree(b->at);
	vfree(b->data);
	memset(b, 0, sizeof(*b));
}

/*
 * A file of sysfs. Not by kernel_read_file(): security modules want to know what kind
 * of file that reads, and type information is none of their kinds.
 */
static void *vtmm_read_file(const char *path, size_t *len)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	ssize_t got = 1;
	loff_t pos = 0;
	void *data;

	if (IS_ERR(file))
		return ERR_CAST(file);
	*len = i_size_read(file_inode(file));
	data = *len ? vmalloc(*len) : NULL;
	while (data && got > 0 && pos < *len)
		got = kernel_read(file, data + pos, *len - pos, &pos);
	filp_close(file, NULL);
	if (data && pos == *len)
		return data;
	vfree(data);
	return ERR_PTR(data ? -EIO : -ENOMEM);
}

/* Types of a module that is loaded, or of the kernel itself. */
static int vtmm_btf_load(struct vtmm_loaded_btf *b, const char *module,
			 const struct vtmm_btf *base)
{
	char path[48];
	size_t len;
	long nr;

	memset(b, 0, sizeof(*b));
	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", module);
	b->data = vtmm_read_file(path, &len);
	if (IS_ERR(b->data))
		return PTR_ERR(b->data);
	nr = vtmm_btf_count(b->data, len);
	if (nr > 0)
		b->at = kvmalloc_array(nr, sizeof(*b->at), GFP_KERNEL);
	if (b->at)
		nr = vtmm_btf_open(&b->btf, b->data, len, base, b->at);
	if (b->at && nr > 0)
		return 0;
	vtmm_btf_unload(b);
	return nr > 0 ? -ENOMEM : -EINVAL;
}

static bool vtmm_module_differs(const struct vtmm_btf *b, const char *module,
				char *say, size_t size)
{
	unsigned int i;

	for (i = 0; i < vtmm_nr_facts; i++)
		if (!strcmp(vtmm_facts[i].module, module) &&
		    vtmm_btf_compare(b, &vtmm_facts[i], say, size) == VTMM_BTF_DIFFERS)
			return true;
	return false;
}

/* A vendor module that is not loaded has no types, and no VMs. */
static int vtmm_modules_compare(const struct vtmm_btf *base, char *say, size_t size)
{
	static const char * const modules[] = { "kvm", "kvm_intel", "kvm_amd" };
	struct vtmm_loaded_btf module;
	bool differs = false;
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(modules) && !differs; i++) {
		ret = vtmm_btf_load(&module, modules[i], base);
		if (ret && i)
			continue;
		if (ret)
			return ret;
		differs = vtmm_module_differs(&module.btf, modules[i], say, size);
		vtmm_btf_unload(&module);
	}
	return differs ? -EOPNOTSUPP : 0;
}

/**
 * vtmm_types_compare() - is the kernel as vtmm believes?
 * @say: out: a sentence, if it is not
 * @size: bytes in @say
 *
 * What the type information does not name is not found wanting: a symbol that is not
 * there is missed by who needs it.
 *
 * Context: module init; may sleep. Takes 8 MB for the time of the call.
 * Return: 0, -EOPNOTSUPP when something differs, another error when the kernel's type
 * information can't be had.
 */
int vtmm_types_compare(char *say, size_t size)
{
	struct vtmm_loaded_btf kernel;
	int ret;

	ret = vtmm_btf_load(&kernel, "vmlinux", NULL);
	if (ret)
		return ret;
	if (vtmm_module_differs(&kernel.btf, "vmlinux", say, size))
		ret = -EOPNOTSUPP;
	else
		ret = vtmm_modules_compare(&kernel.btf, say, size);
	vtmm_btf_unload(&kernel);
	return ret;
}
