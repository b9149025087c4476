/* SPDX-License-Identifier: GPL-2.0-only */
/* test: cmocka with the headers that it wants before it. */
#ifndef TOOLS_TEST_H
#define TOOLS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif /* TOOLS_TEST_H */
