/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libvtmm: the client of the netlink family "vtmm".
 *
 * What the kernel sends is checked and put into the structs below; what it
 * refuses comes back as a code and one sentence. The library prints nothing,
 * keeps no global state and never ends the program.
 *
 * Structs have a bit in @present for each attribute (BIT of VTMM_A_*): it says
 * which members the kernel sent, and which members shall be sent to it. Sizes
 * are in pages of 4 KiB unless the name says bytes.
 */
#ifndef VTMM_LIB_H
#define VTMM_LIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/vtmm.h>

#define VTMM_NAME_SIZE 64
#define VTMM_TEXT_SIZE 256
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

/* A capability of the host (VTMM_A_FEATURE_*). */
struct vtmm_feature_info {
	uint64_t present;
	char name[VTMM_NAME_SIZE];
	char kind[VTMM_NAME_SIZE];
	uint8_t available;
	char reason[VTMM_TEXT_SIZE];
};

/* A set of NUMA nodes (VTMM_A_TIER_*). */
struct vtmm_tier_info {
	uint64_t present;
	uint32_t id;
	uint32_t *nodes;
	size_t nr_nodes;
	uint64_t total_bytes;
	uint64_t free_bytes;
	uint8_t guessed;
};

/* The module and its host (VTMM_A_INFO_*). */
struct vtmm_host_info {
	uint64_t present;
	char version[VTMM_NAME_SIZE];
	uint32_t abi;
	struct vtmm_feature_info *features;
	size_t nr_features;
	struct vtmm_tier_info *tiers;
	size_t nr_tiers;
	uint32_t nr_vms;
	char **advice;
	size_t nr_advice;
};

/* Counters of a VM (VTMM_A_STATS_*). */
struct vtmm_stats_info {
	uint64_t present;
	uint64_t rounds;
	uint64_t period_us;
	uint64_t round_us_total;
	uint64_t sptes_visited;
	uint64_t accesses_seen;
	uint64_t writes_seen;
	uint64_t pml_records;
	uint64_t pml_full_exits;
	uint64_t tlb_flushes;
	uint64_t windows;
	uint64_t promoted;
	uint64_t demoted;
	uint64_t promote_failed;
	uint64_t demote_failed;
	uint64_t failed_pinned;
	uint64_t failed_busy;
	uint64_t failed_nomem;
	uint64_t failed_raced;
	uint64_t failed_unsupported;
	uint64_t batches;
	uint64_t migrate_us_total;
	uint64_t bytes_copied;
	uint64_t pages_prefilled;
	uint64_t traps_after_migration;
	uint64_t chunks_split;
	uint64_t chunks_merged;
	uint64_t rounds_skipped;
	uint64_t leaves_rearmed;
	uint64_t pml_lost;
	uint64_t hold_sptes;
	uint64_t hold_ns;
	uint64_t nested_seen;
	uint64_t postponed;
	uint64_t copied_plain;
	uint64_t copied_ahead;
	uint64_t copied_again;
};

/* A VM: its settings, then its state (VTMM_A_VM_*). */
struct vtmm_vm_info {
	uint64_t present;
	uint32_t id;
	uint32_t pid;
	uint32_t fd;
	char name[VTMM_NAME_SIZE];
	uint32_t mode;
	uint32_t period_ms;
	uint64_t fast_min;
	uint64_t fast_max;
	uint32_t shares;
	uint64_t rate_bytes;
	char tracker[VTMM_NAME_SIZE];
	char tracker_why[VTMM_TEXT_SIZE];
	uint64_t round;
	uint64_t age_us;
	uint64_t mem;
	uint64_t demand;
	uint64_t allotment;
	uint64_t pages_fast;
	uint64_t pages_slow;
	uint64_t heat_bytes;
	char idle_why[VTMM_TEXT_SIZE];
	struct vtmm_stats_info stats;
	uint64_t attached_us;
	uint8_t round_now; /* in vtmm_vm_set() only; its presence counts */
	uint32_t window;
	uint32_t read_weight;
	uint32_t write_weight;
	uint32_t hot_permille;
	uint32_t hysteresis;
	uint32_t cooldown;
	uint64_t floor;
	uint8_t queue;
	uint32_t budget_permille;
	char pml_hook[VTMM_NAME_SIZE];
};

/* VMs, as vtmm_vm_list() returns them. */
struct vtmm_vm_list {
	struct vtmm_vm_info *vms;
	size_t nr;
};

/* The fast memory that VMs share (VTMM_A_POOL_*). */
struct vtmm_pool_info {
	uint64_t present;
	uint64_t size;
	uint64_t free;
	uint8_t automatic;
	uint64_t rate_bytes;
	struct vtmm_vm_info *members;
	size_t nr_members;
};

/* The pages of one temperature (VTMM_A_BUCKET_*). */
struct vtmm_bucket_info {
	uint64_t present;
	uint32_t temp;
	uint64_t fast;
	uint64_t slow;
};

/* The histogram: VTMM_NR_BUCKETS buckets, coldest first (VTMM_A_HEAT_*). */
struct vtmm_heat_info {
	uint64_t present;
	uint32_t vm_id;
	uint64_t round;
	uint64_t age_us;
	uint32_t hot_temp;
	struct vtmm_bucket_info *buckets;
	size_t nr_buckets;
};

/* 2 MiB of guest memory (VTMM_A_CHUNK_*). */
struct vtmm_chunk_info {
	uint64_t present;
	uint64_t gfn;
	uint32_t fast;
	uint32_t slow;
	uint32_t touched;
	uint32_t temp_max;
	uint32_t temp_sum;
	uint8_t huge;
};

/* The heat map: chunks in ascending order (VTMM_A_HEATMAP_*). */
struct vtmm_heatmap_info {
	uint64_t present;
	uint32_t vm_id;
	uint64_t start_gfn;
	uint64_t end_gfn;
	uint64_t round;
	uint64_t age_us;
	struct vtmm_chunk_info *chunks;
	size_t nr_chunks;
};

/* What would move now (VTMM_A_PLAN_*). */
struct vtmm_plan_info {
	uint64_t present;
	uint32_t vm_id;
	uint64_t round;
	uint64_t age_us;
	uint64_t promote;
	uint64_t demote;
	uint32_t promote_temp;
	uint32_t demote_temp;
	uint64_t hot;
	char reason[VTMM_TEXT_SIZE];
};

/* Neighbouring pages with the same record (VTMM_A_RUN_*). */
struct vtmm_run_info {
	uint64_t present;
	uint64_t gfn;
	uint32_t count;
	uint32_t read;
	uint32_t written;
	uint32_t tier;
	uint32_t level;
	uint8_t huge;
	uint8_t sampled;
};

/* What is remembered of each page: runs in ascending order (VTMM_A_PAGES_*). */
struct vtmm_pages_info {
	uint64_t present;
	uint32_t vm_id;
	uint64_t start_gfn;
	uint64_t end_gfn;
	uint64_t round;
	uint64_t age_us;
	struct vtmm_run_info *runs;
	size_t nr_runs;
};

/* Something happened (VTMM_A_EVENT_*). */
struct vtmm_event_info {
	uint64_t present;
	uint32_t kind;
	uint32_t vm_id;
	uint32_t pid;
	char name[VTMM_NAME_SIZE];
	uint64_t round;
	uint64_t time_ns;
	uint64_t promoted;
	uint64_t demoted;
	uint64_t allotment;
	char text[VTMM_TEXT_SIZE];
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
