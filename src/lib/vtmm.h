/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libvtmm: the client of the netlink family "vtmm".
 *
 * What the kernel sends is checked and put into the structs below; what it
 * refuses comes back as a code and one sentence. The library prints nothing,
 * keeps no global state and never ends the program.
 *
 * The structs of info.h have a bit in @present for each attribute (BIT of
 * VTMM_A_*): it says which members the kernel sent, and which members shall be
 * sent to it. Sizes are in pages of 4 KiB unless the name says bytes.
 */
#ifndef VTMM_LIB_H
#define VTMM_LIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/vtmm.h>

#include "info.h"

#define VTMM_PAGE_SIZE 4096ull
#define VTMM_NO_LIMIT UINT64_MAX

#define VTMM_HAS(obj, attr) (((obj)->present >> (attr)) & 1)
#define VTMM_SET(obj, attr) ((obj)->present |= 1ull << (attr))

/**
 * enum vtmm_status - how a call ended
 * @VTMM_OK: as wished
 * @VTMM_FAILED: something on this side failed (memory, socket)
 * @VTMM_NO_MODULE: the module is not loaded
 * @VTMM_NO_PRIVILEGE: the caller lacks CAP_NET_ADMIN
 * @VTMM_OTHER_ABI: module and library do not understand each other
 * @VTMM_REFUSED: the module said no; the sentence is the module's
 * @VTMM_BAD_ANSWER: the module sent what the ABI does not allow
 * @VTMM_LOST: events came faster than they were read, some are lost
 * @VTMM_TIMEOUT: nothing came in the time given
 * @VTMM_INTERRUPTED: a signal came while waiting
 */
enum vtmm_status {
	VTMM_OK,
	VTMM_FAILED,
	VTMM_NO_MODULE,
	VTMM_NO_PRIVILEGE,
	VTMM_OTHER_ABI,
	VTMM_REFUSED,
	VTMM_BAD_ANSWER,
	VTMM_LOST,
	VTMM_TIMEOUT,
	VTMM_INTERRUPTED,
};

/* VMs, as vtmm_vm_list() returns them. */
struct vtmm_vm_list {
	struct vtmm_vm_info *vms;
	size_t nr;
};

/**
 * struct vtmm_transport - what carries the messages; &vtmm_netlink in earnest
 * @open: called once, before all else; 0 or -errno
 * @close: undoes @open; called also when @open failed
 * @send: sends one netlink message; 0 or -errno
 * @recv: waits up to @timeout_ms (-1: for ever) for one datagram from the
 *	kernel and puts it into @msg, to be freed by the caller. Its length, or
 *	-errno; -EAGAIN when nothing came, -EINTR when a signal did
 * @join: joins a multicast group; 0 or -errno
 *
 * Tests put a family of their own behind it.
 */
struct vtmm_transport {
	int (*open)(void *ctx);
	void (*close)(void *ctx);
	int (*send)(void *ctx, const void *msg, size_t len);
	ssize_t (*recv)(void *ctx, void **msg, int timeout_ms);
	int (*join)(void *ctx, uint32_t group);
};

struct vtmm_client;

/* The transport of a real host; its context is made by vtmm_netlink_new(). */
extern const struct vtmm_transport vtmm_netlink;
void *vtmm_netlink_new(void);
void vtmm_netlink_free(void *ctx);

struct vtmm_client *vtmm_client_new(const struct vtmm_transport *transport,
				    void *ctx);
void vtmm_client_free(struct vtmm_client *c);
enum vtmm_status vtmm_connect(struct vtmm_client *c);
const char *vtmm_error(const struct vtmm_client *c);

/* The answers of all calls are the caller's, to be freed, unless they failed.
 */
enum vtmm_status vtmm_info_get(struct vtmm_client *c,
			       struct vtmm_host_info *info);
enum vtmm_status vtmm_tier_set(struct vtmm_client *c,
			       const struct vtmm_host_info *tiers);
enum vtmm_status vtmm_pool_get(struct vtmm_client *c,
			       struct vtmm_pool_info *pool);
enum vtmm_status vtmm_pool_set(struct vtmm_client *c,
			       const struct vtmm_pool_info *pool);
enum vtmm_status vtmm_vm_attach(struct vtmm_client *c,
				const struct vtmm_vm_info *wish,
				struct vtmm_vm_info *vm);
enum vtmm_status vtmm_vm_detach(struct vtmm_client *c, uint32_t id);
enum vtmm_status vtmm_vm_get(struct vtmm_client *c, uint32_t id,
			     struct vtmm_vm_info *vm);
enum vtmm_status vtmm_vm_list(struct vtmm_client *c, struct vtmm_vm_list *list);
enum vtmm_status vtmm_vm_set(struct vtmm_client *c,
			     const struct vtmm_vm_info *wish);
enum vtmm_status vtmm_heat_get(struct vtmm_client *c, uint32_t id,
			       struct vtmm_heat_info *heat);
enum vtmm_status vtmm_heatmap_get(struct vtmm_client *c,
				  const struct vtmm_heatmap_info *wish,
				  struct vtmm_heatmap_info *map);
enum vtmm_status vtmm_pages_get(struct vtmm_client *c,
				const struct vtmm_pages_info *wish,
				struct vtmm_pages_info *pages);
enum vtmm_status vtmm_plan_get(struct vtmm_client *c, uint32_t id,
			       struct vtmm_plan_info *plan);
enum vtmm_status vtmm_events_join(struct vtmm_client *c);
enum vtmm_status vtmm_event_next(struct vtmm_client *c, int timeout_ms,
				 struct vtmm_event_info *event);

void vtmm_host_info_free(struct vtmm_host_info *info);
void vtmm_pool_info_free(struct vtmm_pool_info *pool);
void vtmm_vm_list_free(struct vtmm_vm_list *list);
void vtmm_heat_info_free(struct vtmm_heat_info *heat);
void vtmm_heatmap_info_free(struct vtmm_heatmap_info *map);
void vtmm_pages_info_free(struct vtmm_pages_info *pages);

#endif /* VTMM_LIB_H */
