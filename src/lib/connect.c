// SPDX-License-Identifier: GPL-2.0-only
/*
 * connect: find the family, and make sure that module and library understand
 * each other before anything else is said.
 */
#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

#include "client.h"

/* One entry of the list of groups. */
static void take_group(struct vtmm_client *c, struct nlattr *entry)
{
	struct nlattr *tb[CTRL_ATTR_MCAST_GRP_MAX + 1];

	if (nla_parse_nested(tb, CTRL_ATTR_MCAST_GRP_MAX, entry, NULL) < 0 ||
	    !tb[CTRL_ATTR_MCAST_GRP_NAME] || !tb[CTRL_ATTR_MCAST_GRP_ID])
		return;
	if (nla_len(tb[CTRL_ATTR_MCAST_GRP_ID]) == sizeof(uint32_t) &&
	    !nla_strcmp(tb[CTRL_ATTR_MCAST_GRP_NAME], VTMM_MCGRP_EVENTS))
		c->group = nla_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
}

static enum vtmm_status take_family(struct vtmm_client *c, struct nlmsghdr *nlh,
				    void *ctx)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1], *entry;
	int rem;

	(void)ctx;
	if (nlmsg_parse(nlh, GENL_HDRLEN, tb, CTRL_ATTR_MAX, NULL) < 0 ||
	    !tb[CTRL_ATTR_FAMILY_ID] ||
	    nla_len(tb[CTRL_ATTR_FAMILY_ID]) != sizeof(uint16_t))
		return vtmm_fail(c, VTMM_BAD_ANSWER,
				 "the kernel described the family vtmm badly");
	c->family = nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	if (tb[CTRL_ATTR_MCAST_GROUPS])
		nla_for_each_nested(entry, tb[CTRL_ATTR_MCAST_GROUPS], rem)
			take_group(c, entry);
	return VTMM_OK;
}

static enum vtmm_status find_family(struct vtmm_client *c)
{
	struct vtmm_request r = {.answer = take_family};
	struct nl_msg *msg = nlmsg_alloc();
	enum vtmm_status ret;

	if (!msg ||
	    !genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, NLM_F_REQUEST | NLM_F_ACK,
			 CTRL_CMD_GETFAMILY, 1) ||
	    nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, VTMM_FAMILY_NAME))
		ret = vtmm_fail_errno(c, "ask for the family vtmm", -ENOMEM);
	else
		ret = vtmm_transact(c, msg, &r);
	nlmsg_free(msg);
	/* The controller refuses a name that nobody has registered. */
	if (ret == VTMM_REFUSED || (!ret && !c->family))
		ret = vtmm_fail(
			c, VTMM_NO_MODULE,
			"the vtmm module is not loaded: run: modprobe vtmm");
	return ret;
}

/* Only these two attributes mean the same in every ABI. */
static enum vtmm_status check_abi(struct vtmm_client *c, struct nlmsghdr *nlh,
				  void *ctx)
{
	struct nlattr *abi = nlmsg_find_attr(nlh, GENL_HDRLEN, VTMM_A_INFO_ABI);
	struct nlattr *version =
		nlmsg_find_attr(nlh, GENL_HDRLEN, VTMM_A_INFO_VERSION);
	const char *text = "?";

	(void)ctx;
	if (!abi || nla_len(abi) != sizeof(uint32_t))
		return vtmm_fail(c, VTMM_BAD_ANSWER,
				 "the module does not tell its ABI");
	if (nla_get_u32(abi) == VTMM_ABI)
		return VTMM_OK;
	if (version && memchr(nla_data(version), 0, nla_len(version)))
		text = nla_data(version);
	return vtmm_fail(
		c, VTMM_OTHER_ABI,
		"the module (version %.40s) speaks ABI %u and this tool speaks ABI %u: install module and tools of the same version",
		text, nla_get_u32(abi), VTMM_ABI);
}

/**
 * vtmm_connect() - find the module and check that it speaks our ABI
 * @c: the client, new
 *
 * Return: VTMM_OK, VTMM_NO_MODULE, VTMM_NO_PRIVILEGE, VTMM_OTHER_ABI,
 * VTMM_BAD_ANSWER or VTMM_FAILED.
 */
enum vtmm_status vtmm_connect(struct vtmm_client *c)
{
	struct vtmm_request r = {.cmd = VTMM_CMD_INFO_GET, .answer = check_abi};
	enum vtmm_status ret;
	int err;

	c->open = true;
	err = c->transport->open(c->ctx);
	if (err)
		return vtmm_fail_errno(c, "open a netlink socket", err);
	ret = find_family(c);
	return ret ? ret : vtmm_ask(c, &r);
}
