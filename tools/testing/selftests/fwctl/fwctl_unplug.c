// SPDX-License-Identifier: GPL-2.0
/*
 * A device goes away: in each way that a device can go, while a caller sleeps at
 * each place where a caller can sleep. The removal waits for the firmware and
 * never for user space; the caller is answered; the next device works at once.
 *
 * "fwctl_unplug hold NODE" is not a test but the process that has the node open in
 * fwctl_module.sh.
 *
 * Suites: lifetimes races
 */
#define _GNU_SOURCE
#include <poll.h>

#include "fwctl_caller.h"
#include "fwctl_harness.h"

/**
 * struct scene - a device, and its callers
 * @sim: the device
 * @device: the platform device's name
 * @node: the device's first name
 * @fd: the caller's file
 * @spare: another one
 * @caller: the thread that sleeps
 * @nodes: how many nodes there were before
 * @users: how many users the core's module had before; -1 if built in
 */
struct scene {
	struct sim sim;
	char device[64];
	char node[32];
	int fd;
	int spare;
	struct caller caller;
	int nodes;
	int users;
};

static int count_nodes(void)
{
	DIR *dir = opendir("/sys/class/fwctl");
	struct dirent *entry;
	int count = 0;

	while (dir && (entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return count;
}

static int count_users(const char *module)
{
	char path[64], line[32];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", module);
	read_line(path, line, sizeof(line));
	return line[0] ? atoi(line) : -1;
}

/* Two files; each of them can have one call in the device. */
static int scene_open(struct scene *scene)
{
	int err;

	scene->fd = -1;
	scene->spare = -1;
	scene->nodes = count_nodes();
	scene->users = count_users("fwctl");
	err = sim_create(&scene->sim) ?:
	      sim_set(&scene->sim, "max_file_calls", 1) ?:
	      sim_start(&scene->sim) ?:
	      sim_read(&scene->sim, "dev_name", scene->device,
		       sizeof(scene->device));
	if (err)
		return err;
	memcpy(scene->node, scene->sim.node, sizeof(scene->node));
	scene->fd = sim_open(&scene->sim, O_RDWR);
	scene->spare = sim_open(&scene->sim, O_RDWR);
	return scene->spare < 0 ? errno : 0;
}

static int close_file(int *fd)
{
	int err = *fd >= 0 && close(*fd) ? errno : 0;

	*fd = -1;
	return err;
}

static void scene_close(struct scene *scene)
{
	close_file(&scene->fd);
	close_file(&scene->spare);
	stall_close(&scene->caller.stall);
	sim_destroy(&scene->sim);
}

/* Removals: how the device goes, and how there is one again. */

static int drive(const struct scene *scene, const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/fwctl_sim/%s",
		 what);
	return sim_write_file(path, scene->device, strlen(scene->device));
}

static int unbind(struct scene *scene)
{
	return drive(scene, "unbind");
}

static int bind(struct scene *scene)
{
	return drive(scene, "bind") ?:
	       sim_read(&scene->sim, "node", scene->sim.node,
			sizeof(scene->sim.node));
}

static int unplug(struct scene *scene)
{
	return sim_stop(&scene->sim);
}

static int plug(struct scene *scene)
{
	return sim_start(&scene->sim);
}

static int remove_folder(struct scene *scene)
{
	return rmdir(scene->sim.dir) ? errno : 0;
}

static int make_folder(struct scene *scene)
{
	return mkdir(scene->sim.dir, 0755) ? errno : sim_start(&scene->sim);
}

static int remove_module(struct scene *scene)
{
	int err = remove_folder(scene);

	if (err)
		return err;
	return syscall(SYS_delete_module, "fwctl_sim", O_NONBLOCK) ? errno : 0;
}

static int load_module(struct scene *scene)
{
	return system("modprobe fwctl_sim") ? ENOENT : make_folder(scene);
}

/* The call of another caller is in the device when it goes. */
static int surprise(struct scene *scene)
{
	struct sim_answer answer;
	int err;

	err = sim_set(&scene->sim, "faults/remove_after", 1);
	if (err)
		return err;
	err = sim_echo(scene->spare, 0, &answer);
	if (err && err != ENODEV)
		return err;
	return sim_wait(&scene->sim, "live", 0, CALLER_LIMIT_MS) ? 0 : ETIME;
}

struct removal {
	int (*remove)(struct scene *scene);
	int (*restore)(struct scene *scene);
};

static const struct removal unbinding = { unbind, bind };
static const struct removal unplugging = { unplug, plug };
static const struct removal deleting = { remove_folder, make_folder };
static const struct removal unloading = { remove_module, load_module };
static const struct removal surprising = { surprise, plug };

/**
 * struct remover - a thread that removes the device
 * @scene: the device
 * @removal: how
 * @thread: the thread
 * @done: it has
 * @err: its errno; valid if @done
 */
struct remover {
	struct scene *scene;
	const struct removal *removal;
	pthread_t thread;
	atomic_bool done;
	int err;
};

static void *remover_thread(void *arg)
{
	struct remover *remover = arg;

	remover->err = remover->removal->remove(remover->scene);
	remover->done = true;
	return NULL;
}

static int remover_start(struct remover *remover, struct scene *scene,
			 const struct removal *removal)
{
	*remover = (struct remover){ .scene = scene, .removal = removal };
	return pthread_create(&remover->thread, NULL, remover_thread, remover);
}

/* Returns its errno, or -1 if it does not end. */
static int remover_finish(struct remover *remover)
{
	if (!COMES_TRUE(remover->done, CALLER_LIMIT_MS))
		return -1;
	pthread_join(remover->thread, NULL);
	return remover->err;
}

static int remove_device(struct scene *scene, const struct removal *removal)
{
	struct remover remover;

	return remover_start(&remover, scene, removal) ?:
	       remover_finish(&remover);
}

/* Questions to a file without a device, and their answers */

static int ask_info(int fd)
{
	struct fwctl_info info;

	return fwctl_get_info(fd, &info, NULL, 0);
}

static int ask_rpc(int fd)
{
	struct sim_answer answer;

	return sim_echo(fd, 0, &answer);
}

static int ask_query(int fd)
{
	struct fwctl_query query;

	return fwctl_get_limits(fd, &query);
}

static int ask_restrict(int fd)
{
	return fwctl_do_restrict(fd, ALL_CLASSES, NULL);
}

static int ask_unknown(int fd)
{
	return fwctl_errno(fd, _IO(FWCTL_TYPE, 2), NULL);
}

static int ask_mmap(int fd)
{
	void *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? errno : 0;
}

static int ask_read(int fd)
{
	char byte;

	return read(fd, &byte, 1) < 0 ? errno : 0;
}

static int ask_write(int fd)
{
	return write(fd, "", 1) < 0 ? errno : 0;
}

static int ask_seek(int fd)
{
	return lseek(fd, 0, SEEK_END) < 0 ? errno : 0;
}

static int ask_poll(int fd)
{
	struct pollfd event = { .fd = fd, .events = POLLIN };

	return poll(&event, 1, 0) < 0 ? errno : 0;
}

static int ask_stat(int fd)
{
	struct stat stat;

	return fstat(fd, &stat) ? errno : 0;
}

static int ask_sync(int fd)
{
	return fsync(fd) ? errno : 0;
}

static int ask_dup(int fd)
{
	int copy = dup(fd);

	return copy < 0 ? errno : close_file(&copy);
}

/*
 * Through the inode of a node that is not there any more: it leads to the device that has
 * the number now.
 */
static int ask_open_again(int fd)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDWR | O_CLOEXEC);
	return again < 0 ? errno : close_file(&again);
}

static const struct question {
	const char *name;
	int (*ask)(int fd);
	int answer;
} questions[] = {
	{ "FWCTL_INFO", ask_info, ENODEV },
	{ "FWCTL_RPC", ask_rpc, ENODEV },
	{ "FWCTL_QUERY", ask_query, ENODEV },
	{ "FWCTL_RESTRICT", ask_restrict, ENODEV },
	{ "unknown ioctl", ask_unknown, ENOTTY },
	{ "mmap", ask_mmap, ENODEV },
	{ "read", ask_read, EINVAL },
	{ "write", ask_write, EINVAL },
	{ "lseek", ask_seek, ESPIPE },
	{ "poll", ask_poll, 0 },
	{ "fstat", ask_stat, 0 },
	{ "fsync", ask_sync, EINVAL },
	{ "dup", ask_dup, 0 },
	{ "open through /proc/self/fd", ask_open_again, ENODEV },
};

/* @next: a device has the number again */
static void check_answers(struct __test_metadata *_metadata, int fd, bool next)
{
	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		bool opens = questions[i].ask == ask_open_again;

		EXPECT_EQ(opens && next ? 0 : questions[i].answer,
			  questions[i].ask(fd)) {
			TH_LOG("%s", questions[i].name);
		}
	}
}

static void check_node_is_gone(struct __test_metadata *_metadata,
			       const struct scene *scene)
{
	char path[SIM_PATH_LEN];

	sim_node_path(&scene->sim, path);
	EXPECT_NE(0, access(path, F_OK));
	sim_class_path(&scene->sim, "", path);
	EXPECT_NE(0, access(path, F_OK));
}

/* A device under its old name, without the state of the old one */
static void check_next_device(struct __test_metadata *_metadata,
			      struct scene *scene,
			      const struct removal *removal)
{
	struct sim_answer answer;
	int fd;

	sim_clear_faults(&scene->sim);
	ASSERT_EQ(0, removal->restore(scene));
	EXPECT_STREQ(scene->node, scene->sim.node);
	fd = sim_open(&scene->sim, O_RDWR);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(0, sim_echo(fd, 7, &answer));
	EXPECT_EQ(7, sim_cookie(&answer));
	EXPECT_EQ(1, sim_class_get(&scene->sim, "usage/files"));
	EXPECT_EQ(0, close(fd));
	EXPECT_TRUE(sim_wait(&scene->sim, "stats/contexts", 0, CALLER_LIMIT_MS));
}

static void check_caller(struct __test_metadata *_metadata,
			 struct caller *caller)
{
	if (!caller_calls(caller))
		return;
	if (!caller->place->ends) {
		EXPECT_TRUE(caller_sleeps(caller));
		ASSERT_EQ(0, caller_release_memory(caller));
	}
	ASSERT_EQ(caller->place->answer, caller_finish(caller));
	if (!caller->err)
		EXPECT_TRUE(caller_has_answer(caller));
	if (caller->place->queued)
		EXPECT_EQ(ENODEV, caller->first_err);
}

static void check_nothing_remains(struct __test_metadata *_metadata,
				  struct scene *scene)
{
	EXPECT_EQ(0, close_file(&scene->fd));
	EXPECT_EQ(0, close_file(&scene->spare));
	sim_destroy(&scene->sim);
	EXPECT_EQ(scene->nodes, count_nodes());
	EXPECT_EQ(scene->users, count_users("fwctl"));
}

static void check_removal(struct __test_metadata *_metadata,
			  struct scene *scene, const struct removal *removal)
{
	ASSERT_EQ(0, remove_device(scene, removal));
	if (caller_calls(&scene->caller) && !scene->caller.place->ends)
		EXPECT_TRUE(caller_sleeps(&scene->caller));

	check_node_is_gone(_metadata, scene);
	check_answers(_metadata, scene->spare, false);
	if (scene->fd >= 0)
		check_answers(_metadata, scene->fd, false);
	check_next_device(_metadata, scene, removal);
	check_caller(_metadata, &scene->caller);
	if (scene->fd >= 0)
		check_answers(_metadata, scene->fd, true);
	check_nothing_remains(_metadata, scene);
}

FIXTURE(unplug)
{
	struct scene scene;
};

FIXTURE_VARIANT(unplug)
{
	enum place_id place;
};

FIXTURE_VARIANT_ADD(unplug, opening) { .place = OPENING };

FIXTURE_VARIANT_ADD(unplug, reading_info_struct)
{
	.place = READING_INFO_STRUCT
};

FIXTURE_VARIANT_ADD(unplug, writing_info) { .place = WRITING_INFO };

FIXTURE_VARIANT_ADD(unplug, reading_header) { .place = READING_HEADER };

FIXTURE_VARIANT_ADD(unplug, reading_rest) { .place = READING_REST };

FIXTURE_VARIANT_ADD(unplug, checking_out) { .place = CHECKING_OUT };

FIXTURE_VARIANT_ADD(unplug, waiting_for_turn) { .place = WAITING_FOR_TURN };

FIXTURE_VARIANT_ADD(unplug, in_device) { .place = IN_DEVICE };

FIXTURE_VARIANT_ADD(unplug, writing_answer) { .place = WRITING_ANSWER };

FIXTURE_VARIANT_ADD(unplug, writing_rpc_struct)
{
	.place = WRITING_RPC_STRUCT
};

FIXTURE_VARIANT_ADD(unplug, reading_query) { .place = READING_QUERY };

FIXTURE_VARIANT_ADD(unplug, reading_restrict_struct)
{
	.place = READING_RESTRICT_STRUCT
};

FIXTURE_VARIANT_ADD(unplug, closing) { .place = CLOSING };

FIXTURE_VARIANT_ADD(unplug, idle) { .place = IDLE };

FIXTURE_SETUP(unplug)
{
	const char *missing = sim_missing() ?: place_missing(variant->place);

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, scene_open(&self->scene));
	ASSERT_EQ(0, caller_start(&self->scene.caller, variant->place,
				  &self->scene.sim, self->scene.fd));
	if (variant->place == CLOSING)
		self->scene.fd = -1;
}

FIXTURE_TEARDOWN(unplug)
{
	scene_close(&self->scene);
}

TEST_F(unplug, driver_is_unbound)
{
	check_removal(_metadata, &self->scene, &unbinding);
}

TEST_F(unplug, device_is_removed)
{
	check_removal(_metadata, &self->scene, &unplugging);
}

TEST_F(unplug, folder_is_removed)
{
	check_removal(_metadata, &self->scene, &deleting);
}

TEST_F(unplug, module_is_removed)
{
	if (count_users("fwctl_sim") < 0)
		SKIP(return, "fwctl_sim is built in");
	check_removal(_metadata, &self->scene, &unloading);
}

/* The device goes by itself, while the call of another caller is in it. */
TEST_F(unplug, device_vanishes)
{
	check_removal(_metadata, &self->scene, &surprising);
}

FIXTURE(patience)
{
	struct scene scene;
	struct caller stalled;
};

FIXTURE_VARIANT(patience)
{
	const struct removal *removal;
};

FIXTURE_VARIANT_ADD(patience, unbind) { .removal = &unbinding };

FIXTURE_VARIANT_ADD(patience, unplug) { .removal = &unplugging };

FIXTURE_VARIANT_ADD(patience, surprise) { .removal = &surprising };

FIXTURE_SETUP(patience)
{
	const char *missing = sim_missing() ?: place_missing(READING_REST);
	struct scene *scene = &self->scene;

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, scene_open(scene));
	ASSERT_EQ(0, sim_set(&scene->sim, "faults/keep_on_remove", 1));
	ASSERT_EQ(0, caller_start(&scene->caller, IN_DEVICE, &scene->sim,
				  scene->fd));
	ASSERT_EQ(0, caller_start(&self->stalled, READING_REST, &scene->sim,
				  scene->fd));
}

FIXTURE_TEARDOWN(patience)
{
	stall_close(&self->stalled.stall);
	scene_close(&self->scene);
}

/*
 * A driver that cannot take a call back from its firmware has to be waited for. A caller
 * that sleeps over its own memory meanwhile is not waited for; nor do callers of other
 * files wait.
 */
TEST_F(patience, removal_waits_for_the_device_only)
{
	struct scene *scene = &self->scene;
	struct remover remover;

	ASSERT_EQ(0, remover_start(&remover, scene, variant->removal));
	sim_sleep_ms(300);
	EXPECT_FALSE(remover.done);
	EXPECT_TRUE(caller_sleeps(&scene->caller));
	check_node_is_gone(_metadata, scene);
	check_answers(_metadata, scene->spare, false);
	EXPECT_EQ(0, close_file(&scene->spare));

	ASSERT_EQ(0, caller_release(&scene->caller));
	EXPECT_EQ(0, caller_finish(&scene->caller));
	EXPECT_TRUE(caller_has_answer(&scene->caller));
	EXPECT_EQ(0, remover_finish(&remover));
	EXPECT_TRUE(caller_sleeps(&self->stalled));

	ASSERT_EQ(0, caller_release_memory(&self->stalled));
	EXPECT_EQ(ENODEV, caller_finish(&self->stalled));
	check_nothing_remains(_metadata, scene);
}

/* Nothing is sent to a device that is going, whichever call completes. */
TEST_F(patience, queued_call_is_refused)
{
	struct scene *scene = &self->scene;
	struct caller queued;
	struct remover remover;

	ASSERT_EQ(0, caller_release(&scene->caller));
	ASSERT_EQ(0, caller_finish(&scene->caller));
	ASSERT_EQ(0, caller_start(&queued, WAITING_FOR_TURN, &scene->sim,
				  scene->fd));
	ASSERT_EQ(0, remover_start(&remover, scene, variant->removal));
	EXPECT_TRUE(caller_returns(&queued));
	EXPECT_FALSE(remover.done);

	ASSERT_EQ(0, caller_release(&queued));
	EXPECT_EQ(ENODEV, caller_finish(&queued));
	EXPECT_EQ(0, queued.first_err);
	EXPECT_EQ(0, remover_finish(&remover));
}

FIXTURE(removers)
{
	struct scene scene;
};

FIXTURE_SETUP(removers)
{
	const char *missing = sim_missing();

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, scene_open(&self->scene));
}

FIXTURE_TEARDOWN(removers)
{
	scene_close(&self->scene);
}

/* The second one finds it done, or waits for the first, but not for ever. */
TEST_F(removers, two_at_once_both_end)
{
	struct scene *scene = &self->scene;
	struct remover first, second;

	for (int i = 0; i < 20; i++) {
		ASSERT_EQ(0, caller_start(&scene->caller, IN_DEVICE,
					  &scene->sim, scene->fd));
		ASSERT_EQ(0, remover_start(&first, scene, &unbinding));
		ASSERT_EQ(0, remover_start(&second, scene, &unplugging));

		EXPECT_NE(-1, remover_finish(&first));
		EXPECT_TRUE(!first.err || first.err == ENODEV);
		EXPECT_EQ(0, remover_finish(&second));
		EXPECT_EQ(ENODEV, caller_finish(&scene->caller));
		check_node_is_gone(_metadata, scene);

		EXPECT_EQ(0, close_file(&scene->fd));
		check_next_device(_metadata, scene, &unplugging);
		scene->fd = sim_open(&scene->sim, O_RDWR);
		ASSERT_GE(scene->fd, 0);
	}
	check_nothing_remains(_metadata, scene);
}

/* The other end of fwctl_module.sh */

/* One call of the firmware, of a kind that any device knows */
static int send_harmless(int fd)
{
	struct fwctl_info info;
	uint8_t in[16] = { 0x01, 0x0a }, out[112]; /* mlx5: QUERY_ISSI */
	uint32_t out_len = sizeof(out);

	if (fwctl_get_info(fd, &info, NULL, 0))
		return errno;
	if (info.out_device_type == FWCTL_DEVICE_TYPE_SIM)
		return ask_rpc(fd);
	return sim_send(fd, FWCTL_RPC_CONFIGURATION, in, sizeof(in), out,
			&out_len);
}

static void try_all(int fd)
{
	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		int err = questions[i].ask(fd);

		printf("%s %s: %s\n",
		       err == questions[i].answer ? "right" : "wrong",
		       questions[i].name, strerror(err));
	}
	printf("tried\n");
}

/* Tells its steps, line by line, and takes orders from standard input. */
static int hold(const char *node)
{
	int fd = open(node, O_RDWR);
	char line[16];
	int err;

	setlinebuf(stdout);
	err = fd < 0 ? errno : send_harmless(fd);
	printf("%s\n", err ? strerror(err) : "holding");
	while (fgets(line, sizeof(line), stdin))
		try_all(fd);
	return err || close(fd);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "hold"))
		return hold(argv[2]);
	return test_harness_run(argc, argv);
}
