// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_parse: any text through every parser of the command line. What a parser
 * accepts must keep what the parser promises.
 */
#include <stdlib.h>
#include <string.h>

#include "../../../src/vtmmctl/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void parse_all(const char *s)
{
	static struct nodes nodes;
	struct selector selector;
	struct amount amount;
	uint64_t n;

	if (!parse_number(s, 10, 20, &n))
		require(n >= 10 && n <= 20);
	parse_size(s, &n);
	parse_rate(s, &n);
	parse_time(s, &n);
	if (!parse_amount(s, &amount) && amount.kind == AMOUNT_PERCENT)
		require(amount_pages(&amount, 1000) <= 1000);
	if (!parse_nodes(s, &nodes)) {
		require(nodes.nr && nodes.nr <= MAX_NODES);
		for (size_t i = 0; i < nodes.nr; i++)
			require(nodes.node[i] < MAX_NODES);
	}
	if (!parse_selector(s, &selector) && selector.kind == SELECT_NAME)
		require(*selector.name != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	memcpy(s, data, size);
	s[size] = '\0';
	parse_all(s);
	free(s);
	return 0;
}
