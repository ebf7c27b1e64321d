// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls: build the struct and its buffers, compute the expected errno, make
 * the call, and check its effects.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <fwctl/fwctl.h>
#include <fwctl/sim.h>

#include "execute.h"

#define HEADER sizeof(struct fwctl_sim_request)
/* Number of tries for a request that changes during the call, to hit the race window. */
#define FLIP_TRIES 5
/* The call's result cannot be predicted; not an errno. */
#define UNKNOWN 4096

union any_struct {
	struct fwctl_info info;
	struct fwctl_rpc rpc;
	struct fwctl_query query;
	struct fwctl_restrict set;
	u32 size;
	u8 bytes[80];
};

struct command_kind;

/**
 * struct command - one ioctl
 * @job: the operation
 * @kind: table row of the ioctl
 * @file: state of its file before the call
 * @device: its device
 * @cmd: buffer of the struct
 * @in: buffer of the request; unused for FWCTL_INFO
 * @out: buffer of the answer, or of the device data
 * @before: the struct before the call
 * @after: the struct after the call
 * @request: the request in @in
 * @verdict: the model's verdict on @request
 * @refusal: errno with which the core must refuse the request before the driver
 *	gets it; 0 if it must reach the driver; UNKNOWN
 * @expected: expected errno of the call, or UNKNOWN
 * @err: errno of the call
 * @submitted: number of calls that the device got before this one
 * @asked: errno of FWCTL_QUERY for the same request; UNKNOWN if not called
 * @answer: answer of FWCTL_QUERY
 * @other: the request that @request is changed to during the call, if it flips
 * @other_verdict: the model's verdict on @other
 */
struct command {
	struct job *job;
	const struct command_kind *kind;
	struct model_file file;
	struct model_device *device;
	struct buffer cmd;
	struct buffer in;
	struct buffer out;
	union any_struct before;
	union any_struct after;
	struct request request;
	struct verdict verdict;
	int refusal;
	int expected;
	int err;
	u64 submitted;
	int asked;
	struct fwctl_query answer;
	struct request other;
	struct verdict other_verdict;
};

/**
 * struct command_kind - an ioctl
 * @name: name in messages
 * @number: ioctl number
 * @size: size of its struct
 * @fill: fills the struct and its buffers
 * @refusal: expected errno of the core for a well-formed struct
 * @check: checks the effects of a call that succeeded
 */
struct command_kind {
	const char *name;
	u32 number;
	size_t size;
	void (*fill)(struct command *command);
	int (*refusal)(struct command *command);
	void (*check)(struct command *command);
};

#define CHECK(_command, _class, ...) \
	oracle_check(&(_command)->job->executor->oracle, _class, __VA_ARGS__)

static u64 value_of(const struct command *command, unsigned int field)
{
	return command->job->op.values[field];
}

/* Make a call on behalf of the oracles, in the buffers of @job->probe. */
static int probe_call(struct job *job, int fd, u32 number, void *cmd, size_t size)
{
	struct buffer buffer = buffer_at(&job->probe->cmd, PLACE_VALID, size);
	int ret;

	buffer_fill(&buffer, 0, cmd, size);
	job_enter(job);
	ret = job->executor->system->ioctl(fd, number, buffer.addr);
	job_leave(job);
	memcpy(cmd, buffer.view, size);
	return ret;
}

void learn_context(struct job *job, struct slot *slot)
{
	struct buffer data = buffer_at(&job->probe->out, PLACE_VALID,
				       sizeof(struct fwctl_info_sim));
	struct fwctl_info info = {
		.size = sizeof(info),
		.device_data_len = data.len,
		.out_device_data = data.addr,
	};
	struct fwctl_info_sim sim;

	if (probe_call(job, slot->fd, FWCTL_INFO, &info, sizeof(info)))
		return;
	memcpy(&sim, data.view, sizeof(sim));
	slot->description->file.context = sim.context;
}

int peek_register(struct job *job, u32 arg, u32 *value)
{
	const size_t len = sizeof(struct fwctl_sim_answer) + sizeof(*value);
	const u32 *limits = job->slot.description->file.limits;
	u32 in_len = MAX(limits[LIMIT_MIN_IN], HEADER);
	u32 out_len = MAX(limits[LIMIT_MIN_OUT], len);
	struct buffer in = buffer_at(&job->probe->in, PLACE_VALID, in_len);
	struct buffer out = buffer_at(&job->probe->out, PLACE_VALID, out_len);
	struct fwctl_sim_request request = {
		.opcode = htole16(FWCTL_SIM_READ),
		.arg = htole32(arg),
	};
	struct fwctl_rpc rpc = {
		.size = sizeof(rpc), .in_len = in_len, .out_len = out_len,
		.in = in.addr, .out = out.addr,
	};
	int ret;

	buffer_fill(&in, 0, &request, sizeof(request));
	ret = probe_call(job, job->slot.fd, FWCTL_RPC, &rpc, sizeof(rpc));
	if (ret || rpc.out_len != len)
		return ret ? -ret : EIO;
	memcpy(value, out.view + sizeof(struct fwctl_sim_answer), sizeof(*value));
	*value = le32toh(*value);
	return 0;
}

/* Building of structs and buffers */

static void request_fill(struct command *command)
{
	struct fwctl_sim_request header = {
		.opcode = htole16(value_of(command, ASK_OPCODE)),
		.reserved = htole16(value_of(command, ASK_RESERVED)),
		.arg = htole32(value_of(command, ASK_ARG)),
		.cookie = htole64(value_of(command, ASK_COOKIE)),
	};
	u32 payload[16];

	for (unsigned int i = 0; i < ARRAY_SIZE(payload); i++)
		payload[i] = htole32(value_of(command, ASK_PAYLOAD) + i);
	buffer_fill(&command->in, 0, &header, sizeof(header));
	buffer_fill(&command->in, sizeof(header), payload, sizeof(payload));
}

/* Read the request back: struct and buffers may overlap. */
static void request_load(struct command *command)
{
	struct request *request = &command->request;
	struct fwctl_sim_request header;

	request->scope = command->before.rpc.scope;
	request->in_len = command->in.len;
	request->out_len = command->before.rpc.out_len;
	if (!buffer_readable(&command->in, MIN(command->in.len, HEADER)) ||
	    command->in.len < HEADER)
		return;
	memcpy(&header, command->in.view, sizeof(header));
	request->opcode = le16toh(header.opcode);
	request->reserved = le16toh(header.reserved);
	request->arg = le32toh(header.arg);
	request->cookie = le64toh(header.cookie);
	if (command->in.there >= HEADER + sizeof(request->payload)) {
		memcpy(&request->payload, command->in.view + HEADER,
		       sizeof(request->payload));
		request->payload = le32toh(request->payload);
	}
}

static struct buffer data_place(struct command *command,
				const struct region *region, unsigned int place,
				size_t len)
{
	switch (place) {
	case PLACE_STRUCT:
		return buffer_behind(&command->cmd, 0, len);
	case PLACE_SAME:
		return buffer_behind(&command->in, 0, len);
	case PLACE_OVERLAP:
		return buffer_behind(&command->in, 8, len);
	default:
		return buffer_at(region, place, len);
	}
}

static void data_prepare(struct command *command, unsigned int place)
{
	if (place >= PLACE_STRUCT)
		return;
	buffer_paint(&command->out);
	buffer_guard(&command->out);
}

static void fill_info(struct command *command)
{
	u32 len = value_of(command, INFO_LEN), place = value_of(command, INFO_DATA);

	command->out = data_place(command, &command->job->memory->out, place,
				  len);
	data_prepare(command, place);
	command->before.info = (struct fwctl_info){
		.flags = value_of(command, INFO_FLAGS),
		.device_data_len = len,
		.out_device_data = command->out.addr,
	};
}

static void fill_request(struct command *command)
{
	u32 place = value_of(command, ASK_IN);

	command->in = data_place(command, &command->job->memory->in, place,
				 value_of(command, ASK_IN_LEN));
	if (place >= PLACE_STRUCT)
		return;
	request_fill(command);
	buffer_guard(&command->in);
}

static void fill_rpc(struct command *command)
{
	u32 out_len = value_of(command, ASK_OUT_LEN);
	u32 place = value_of(command, RPC_OUT);

	fill_request(command);
	command->out = data_place(command, &command->job->memory->out, place,
				  out_len);
	data_prepare(command, place);
	command->before.rpc = (struct fwctl_rpc){
		.scope = value_of(command, ASK_SCOPE),
		.in_len = value_of(command, ASK_IN_LEN),
		.out_len = out_len,
		.in = command->in.addr,
		.out = command->out.addr,
	};
}

static void fill_query(struct command *command)
{
	fill_request(command);
	command->before.query = (struct fwctl_query){
		.scope = value_of(command, ASK_SCOPE),
		.in_len = value_of(command, ASK_IN_LEN),
		.out_len = value_of(command, ASK_OUT_LEN),
		.in = command->in.addr,
		.flags = value_of(command, QUERY_SPARE),
	};
}

static void fill_restrict(struct command *command)
{
	command->before.set = (struct fwctl_restrict){
		.flags = value_of(command, RESTRICT_FLAGS),
		.classes = value_of(command, RESTRICT_CLASSES),
	};
}

/* Write the struct with its size field as its length, maybe with a nonzero byte in the tail. */
static void struct_write(struct command *command)
{
	u32 size = value_of(command, CMD_SIZE);
	const struct buffer *cmd = &command->cmd;

	command->before.size = size;
	if (!cmd->view)
		return;
	memset(cmd->view, 0, MIN(cmd->there, 2 * 4096));
	buffer_guard(cmd);
	buffer_fill(cmd, 0, &command->before, MIN(size, command->kind->size));
	if (value_of(command, CMD_TAIL) && size > command->kind->size &&
	    cmd->there == size)
		cmd->view[size - 1] = 1;
}

static void command_watch(struct command *command)
{
	struct memory *memory = command->job->memory;

	memory_watch_none(memory);
	memory_watch(memory, &command->cmd);
	memory_watch(memory, &command->in);
	memory_watch(memory, &command->out);
}

/* At least the size field is written, even if its value is smaller than the field. */
static void command_build(struct command *command)
{
	struct memory *memory = command->job->memory;
	u32 size = value_of(command, CMD_SIZE);

	command->cmd = buffer_at(&memory->cmd, value_of(command, CMD_PLACE),
				 MAX(size, sizeof(u32)));
	command->kind->fill(command);
	struct_write(command);
	request_load(command);
	command_watch(command);
}

/* Expected errnos */

static bool gone(const struct command *command)
{
	return model_gone(&command->job->executor->model, &command->file);
}

/* Expected errno of the checks of the struct alone; 0 if it is well-formed. */
static int refusal_struct(const struct command *command)
{
	const struct buffer *cmd = &command->cmd;
	u32 size = command->before.size;
	bool tail = value_of(command, CMD_TAIL) && size > command->kind->size;

	if (!buffer_readable(cmd, sizeof(u32)))
		return -EFAULT;
	if (size < command->kind->size)
		return -EINVAL;
	if (size > (u32)sysconf(_SC_PAGESIZE))
		return -E2BIG;
	if (!buffer_readable(cmd, size))
		return tail ? UNKNOWN : -EFAULT;
	return tail ? -E2BIG : 0;
}

/* A struct that cannot be written back is refused before the request has any effect. */
static int refusal_respond(const struct command *command)
{
	return buffer_writable(&command->cmd, command->kind->size) ? 0 : -EFAULT;
}

static int refusal_info(struct command *command)
{
	if (command->before.info.flags)
		return -EOPNOTSUPP;
	if (gone(command))
		return -ENODEV;
	if (!buffer_writable(&command->out, command->out.len))
		return -EFAULT;
	return refusal_respond(command);
}

static bool header_readable(const struct command *command)
{
	return buffer_readable(&command->in, MIN(command->in.len, HEADER));
}

static int refusal_rpc(struct command *command)
{
	if (command->before.rpc.scope > FWCTL_RPC_DEBUG_WRITE_FULL)
		return -EOPNOTSUPP;
	if (command->verdict.reason == FWCTL_REASON_LENGTH)
		return -EMSGSIZE;
	if (!header_readable(command))
		return -EFAULT;
	if (gone(command))
		return -ENODEV;
	if (command->verdict.err)
		return -command->verdict.err;
	if (!buffer_readable(&command->in, command->in.len) ||
	    !buffer_writable(&command->out, command->out.len))
		return -EFAULT;
	return refusal_respond(command);
}

static int refusal_query(struct command *command)
{
	if (command->before.query.flags ||
	    command->before.query.scope > FWCTL_RPC_DEBUG_WRITE_FULL)
		return -EOPNOTSUPP;
	if (gone(command))
		return -ENODEV;
	if (command->verdict.reason != FWCTL_REASON_LENGTH &&
	    !header_readable(command))
		return -EFAULT;
	return refusal_respond(command);
}

static int refusal_restrict(struct command *command)
{
	if (command->before.set.flags ||
	    command->before.set.classes & ~ALL_CLASSES)
		return -EOPNOTSUPP;
	if (gone(command))
		return -ENODEV;
	return refusal_respond(command);
}

/* Expected errno of the driver with its current faults, or UNKNOWN. */
static int driver_errno(const struct command *command)
{
	const u32 *faults = command->device->faults;
	int answer_len = faults[FAULT_ANSWER_LEN];

	if (faults[FAULT_REMOVE_AFTER] || faults[FAULT_TIMEOUT])
		return UNKNOWN;
	/* EAGAIN would mean to io_uring that the request was not sent. */
	if (faults[FAULT_ERROR])
		return faults[FAULT_ERROR] == EAGAIN ? EBUSY : faults[FAULT_ERROR];
	return answer_len > 0 && (u32)answer_len > command->request.out_len ?
	       EIO : 0;
}

static bool flips(const struct command *command)
{
	return command->kind->number == FWCTL_RPC &&
	       value_of(command, RPC_FLIP) && command->job->quiet &&
	       command->cmd.there >= sizeof(struct fwctl_rpc) &&
	       value_of(command, ASK_IN) < PLACE_STRUCT &&
	       value_of(command, RPC_OUT) < PLACE_STRUCT &&
	       command->in.there >= HEADER;
}

static void command_expect(struct command *command)
{
	const struct model *model = &command->job->executor->model;
	int ret;

	command->verdict = model_verdict(model, &command->file,
					 &command->request);
	command->other = command->request;
	command->other.opcode &= 0xff00;
	command->other.opcode |= value_of(command, RPC_FLIP);
	command->other_verdict = model_verdict(model, &command->file,
					       &command->other);
	command->refusal = UNKNOWN;
	command->expected = UNKNOWN;
	if (!command->job->quiet || command->device->unsure ||
	    command->file.vague || flips(command))
		return;
	ret = refusal_struct(command);
	if (!ret)
		ret = command->kind->refusal(command);
	command->refusal = ret == UNKNOWN ? UNKNOWN : -ret;
	command->expected = command->refusal;
	if (!command->refusal && command->kind->number == FWCTL_RPC)
		command->expected = driver_errno(command);
}

/* Checks of FWCTL_QUERY's answer */

static void check_limits(struct command *command, const struct fwctl_query *answer)
{
	const u32 *limits = command->file.limits;
	const u32 said[8] = {
		answer->out_max_files, answer->out_max_calls,
		answer->out_max_file_calls, answer->out_max_bytes,
		answer->out_min_in, answer->out_max_in,
		answer->out_min_out, answer->out_max_out,
	};

	for (unsigned int i = 0; i < 8; i++)
		CHECK(command, ORACLE_QUERY, said[i] == limits[i],
		      "QUERY returned %s %u, expected %u", limit_names[i],
		      said[i], limits[i]);
}

static void check_says(struct command *command, const char *what, u32 said,
		       u32 right)
{
	CHECK(command, ORACLE_QUERY, said == right,
	      "QUERY returned %s %#x, expected %#x", what, said, right);
}

static void check_query_answer(struct command *command,
			       const struct fwctl_query *answer)
{
	const struct verdict *verdict = &command->verdict;

	check_says(command, "the class", answer->out_class, verdict->class);
	check_says(command, "the reason", answer->out_reason, verdict->reason);
	check_says(command, "the errno", answer->out_errno, verdict->err);
	check_says(command, "the set of classes", answer->out_classes,
		   model_classes(&command->job->executor->model, &command->file));
	check_limits(command, answer);
}

/* Send FWCTL_QUERY for the request that FWCTL_RPC is going to send. */
static void query_ask(struct command *command)
{
	struct fwctl_query query = {
		.size = sizeof(query),
		.scope = command->request.scope,
		.in_len = command->request.in_len,
		.out_len = command->request.out_len,
		.in = command->in.addr,
	};

	command->asked = UNKNOWN;
	if (command->kind->number != FWCTL_RPC || command->refusal == UNKNOWN ||
	    refusal_struct(command))
		return;
	command->asked = -probe_call(command->job, command->job->slot.fd,
				     FWCTL_QUERY, &query, sizeof(query));
	command->answer = query;
	if (!command->asked)
		check_query_answer(command, &query);
}

/* True if the driver, with its current faults, may end an admitted call with @err. */
static bool driver_may_say(const struct command *command, int err)
{
	const struct model_device *device = command->device;

	if (command->expected != UNKNOWN)
		return err == command->expected;
	return device->fails || (device->late && err == ETIMEDOUT) ||
	       (device->lies && err == EIO);
}

static void check_asked(struct command *command)
{
	int err = command->err, said = command->asked;

	/* A removed device cannot be queried. */
	if (said == UNKNOWN || gone(command))
		return;
	if (!said)
		said = command->answer.out_errno;
	if (said)
		CHECK(command, ORACLE_QUERY, err == said,
		      "QUERY predicted %s, RPC gave %s", errno_name(said),
		      errno_name(err));
	else
		CHECK(command, ORACLE_QUERY,
		      !err || err == EFAULT || driver_may_say(command, err),
		      "QUERY predicted success, RPC gave %s",
		      errno_name(err));
}

/* Checks of the call's effects */

static bool refused(const struct command *command)
{
	static const int errnos[] = { EINVAL, E2BIG, EOPNOTSUPP, EMSGSIZE,
				      EBADMSG, EPERM, ENOBUFS };

	for (unsigned int i = 0; i < ARRAY_SIZE(errnos); i++)
		if (command->err == errnos[i])
			return command->kind->number != FWCTL_RPC ||
			       !command->device->fails;
	return false;
}

static bool submitted_read(const struct command *command, u64 *submitted)
{
	char text[32];

	if (command->job->executor->system->config_read(command->file.device,
							"stats/submitted",
							text, sizeof(text)))
		return false;
	*submitted = strtoull(text, NULL, 10);
	return true;
}

static void submitted_before(struct command *command)
{
	if (command->kind->number != FWCTL_RPC || !command->refusal ||
	    command->refusal == UNKNOWN ||
	    !submitted_read(command, &command->submitted))
		command->submitted = ~0ULL;
}

static void check_submitted(struct command *command)
{
	u64 now;

	if (command->submitted == ~0ULL || !submitted_read(command, &now))
		return;
	CHECK(command, ORACLE_REFUSED, now == command->submitted,
	      "an RPC that ended with %s reached the device",
	      errno_name(command->err));
}

/* May the room have changed? A call that fails leaves it as it was, but with EFAULT. */
static bool room_may_change(const struct command *command)
{
	if (command->kind->number != FWCTL_RPC)
		return !refused(command);
	return !command->err || command->err == EFAULT;
}

/* Ranges that may change: the struct, the answer's buffer, the byte that we flip. */
static unsigned int may_change(const struct command *command, struct range *may)
{
	unsigned int count = 0;

	if (!command->err)
		may[count++] = (struct range){ command->cmd.view,
					       command->kind->size };
	if (room_may_change(command))
		may[count++] = (struct range){ command->out.view,
					       command->out.len };
	if (flips(command))
		may[count++] = (struct range){ command->in.view, 1 };
	return count;
}

static void check_memory(struct command *command)
{
	struct range may[3];
	const u8 *at = memory_changed(command->job->memory, may,
				      may_change(command, may));

	CHECK(command, refused(command) ? ORACLE_REFUSED : ORACLE_BOUNDS, !at,
	      "%s ended with %s and wrote at %p; struct %p, in %p, out %p of %zu",
	      command->kind->name, errno_name(command->err), (void *)at,
	      (void *)command->cmd.view, (void *)command->in.view,
	      (void *)command->out.view, command->out.len);
}

static bool errno_expected(const struct command *command)
{
	int err = command->err;

	if (!err || errno_documented(command->kind->number, err))
		return true;
	/* Errnos injected into the driver are not in the table. */
	return command->kind->number == FWCTL_RPC && command->device->fails;
}

static void check_errno(struct command *command)
{
	CHECK(command, ORACLE_ERRNO, errno_expected(command),
	      "%s gave %s, which is not documented", command->kind->name,
	      errno_name(command->err));
	if (command->expected != UNKNOWN)
		CHECK(command, ORACLE_DECISION, command->err == command->expected,
		      "%s gave %s and not %s", command->kind->name,
		      errno_name(command->err), errno_name(command->expected));
}

static void check_info(struct command *command)
{
	const struct fwctl_info *info = &command->after.info;
	struct fwctl_info_sim sim = { 0 };
	size_t len = MIN(command->out.there, sizeof(sim));
	bool zero = true;

	CHECK(command, ORACLE_INFO,
	      info->out_device_type == FWCTL_DEVICE_TYPE_SIM &&
	      info->device_data_len == sizeof(sim),
	      "INFO returned type %#x, length %u", info->out_device_type,
	      info->device_data_len);
	if (value_of(command, INFO_DATA) >= PLACE_STRUCT || !command->out.view)
		return;
	for (size_t i = len; i < MIN(command->out.there, 4096); i++)
		zero = zero && !command->out.view[i];
	memcpy(&sim, command->out.view, len);
	CHECK(command, ORACLE_INFO, zero, "INFO has not written the whole buffer");
	if (len == sizeof(sim))
		CHECK(command, ORACLE_INFO, sim.registers == MODEL_REGISTERS &&
		      (!command->file.context ||
		       sim.context == command->file.context),
		      "INFO returned context %u, %u registers", sim.context,
		      sim.registers);
}

static void check_query(struct command *command)
{
	const struct fwctl_query *answer = &command->after.query;

	CHECK(command, ORACLE_RESTRICT,
	      !(answer->out_classes & ~command->file.classes),
	      "QUERY returned classes %#x for a file with %#x",
	      answer->out_classes, command->file.classes);
	/* A request inside the struct has been overwritten by the answer. */
	if (command->expected != UNKNOWN && value_of(command, ASK_IN) < PLACE_STRUCT)
		check_query_answer(command, answer);
}

static void check_restrict(struct command *command)
{
	const struct fwctl_restrict *set = &command->after.set;
	u32 left = command->before.set.classes & command->file.classes;

	CHECK(command, ORACLE_RESTRICT, !(set->out_classes & ~left),
	      "classes %#x restricted to %#x became %#x", command->file.classes,
	      command->before.set.classes, set->out_classes);
	if (command->expected != UNKNOWN)
		CHECK(command, ORACLE_RESTRICT, set->out_classes == left,
		      "classes %#x restricted to %#x became %#x",
		      command->file.classes, command->before.set.classes,
		      set->out_classes);
}

/* True if the device got @request: nothing else runs, and no flipped request is admitted. */
static bool certain(const struct command *command)
{
	return command->job->quiet && !command->device->unsure &&
	       !(flips(command) && !command->other_verdict.err);
}

static void check_payload(struct command *command, const struct outcome *outcome)
{
	const size_t header = sizeof(struct fwctl_sim_answer);
	const u8 *payload = command->out.view + header;
	size_t len = MIN(outcome->len - header, command->out.there - header);
	bool same = true;
	u32 value;

	if (outcome->echoes && value_of(command, ASK_IN) < PLACE_STRUCT &&
	    value_of(command, RPC_OUT) < PLACE_STRUCT)
		same = !memcmp(payload, command->in.view + HEADER, len);
	for (size_t i = 0; outcome->configured && i < len; i++)
		same = same && payload[i] == configured_byte(i);
	CHECK(command, ORACLE_ANSWER, same, "the payload of the answer is wrong");
	if (!outcome->reads || len < sizeof(value))
		return;
	memcpy(&value, payload, sizeof(value));
	value = le32toh(value);
	CHECK(command, ORACLE_REGISTERS,
	      !outcome->value_known || value == outcome->value,
	      "register %u is %#x and not %#x", command->request.arg, value,
	      outcome->value);
	model_learn(command->device, command->request.arg, value);
}

static void check_outcome(struct command *command, u32 status)
{
	struct outcome outcome = model_outcome(command->device,
					       &command->request);

	CHECK(command, ORACLE_ANSWER,
	      command->after.rpc.out_len == outcome.len && status == outcome.status,
	      "an answer of %u bytes, status %u, where it should be %u, %u",
	      command->after.rpc.out_len, status, outcome.len, outcome.status);
	if (command->after.rpc.out_len == outcome.len)
		check_payload(command, &outcome);
}

static void check_rpc(struct command *command)
{
	struct fwctl_sim_answer header;

	CHECK(command, ORACLE_ANSWER,
	      command->after.rpc.out_len <= command->before.rpc.out_len,
	      "an answer of %u bytes in a buffer of %u", command->after.rpc.out_len,
	      command->before.rpc.out_len);
	if (command->device->lies ||
	    value_of(command, RPC_OUT) == PLACE_STRUCT ||
	    command->out.there < sizeof(header))
		return;
	memcpy(&header, command->out.view, sizeof(header));
	CHECK(command, ORACLE_ANSWER,
	      le64toh(header.cookie) == command->request.cookie &&
	      (!command->file.context ||
	       le32toh(header.context) == command->file.context),
	      "an answer with cookie %#llx for context %u; request %#llx, %u",
	      (unsigned long long)le64toh(header.cookie), le32toh(header.context),
	      (unsigned long long)command->request.cookie, command->file.context);
	if (certain(command))
		check_outcome(command, le32toh(header.status));
}

/* Updates of the model */

/* EIO of the core says that the answer was too long; a device that fails executes nothing. */
static bool executed(const struct command *command)
{
	return !command->err ||
	       (command->err == EIO && !command->device->faults[FAULT_ERROR]);
}

/* A timeout, and faults that others change during the call, leave it open. */
static bool executed_perhaps(const struct command *command)
{
	return command->err == ETIMEDOUT ||
	       (!certain(command) && (!command->err || command->err == EIO));
}

static void effect_rpc(struct command *command)
{
	struct model_device *device = command->device;

	if (executed_perhaps(command)) {
		model_doubt(device, &command->request);
		model_doubt(device, &command->other);
	} else if (executed(command)) {
		model_execute(device, &command->request);
	}
}

static void effect_restrict(struct command *command)
{
	struct model_file *file = &command->job->slot.description->file;

	/* With EFAULT it was done if the struct could be read. */
	if (!command->err ||
	    (command->err == EFAULT && !refusal_struct(command)))
		file->classes &= command->before.set.classes;
}

static void command_effect(struct command *command)
{
	struct model *model = &command->job->executor->model;

	pthread_mutex_lock(&model->lock);
	if (command->kind->number == FWCTL_RPC)
		effect_rpc(command);
	if (command->kind->number == FWCTL_RESTRICT)
		effect_restrict(command);
	pthread_mutex_unlock(&model->lock);
}

/* Check that the input fields of the struct have not changed. */
static void check_struct(struct command *command)
{
	static const struct {
		u32 number;
		size_t begin, end;
	} answers[] = {
		{ FWCTL_INFO, offsetof(struct fwctl_info, out_device_type),
		  offsetof(struct fwctl_info, out_device_data) },
		{ FWCTL_RPC, offsetof(struct fwctl_rpc, out_len),
		  offsetof(struct fwctl_rpc, in) },
		{ FWCTL_QUERY, offsetof(struct fwctl_query, out_class),
		  offsetof(struct fwctl_query, flags) },
		{ FWCTL_QUERY, offsetof(struct fwctl_query, out_max_bytes),
		  sizeof(struct fwctl_query) },
		{ FWCTL_RESTRICT, offsetof(struct fwctl_restrict, out_classes),
		  sizeof(struct fwctl_restrict) },
	};
	union any_struct after = command->after;

	for (unsigned int i = 0; i < ARRAY_SIZE(answers); i++)
		if (answers[i].number == command->kind->number)
			memcpy(after.bytes + answers[i].begin,
			       command->before.bytes + answers[i].begin,
			       answers[i].end - answers[i].begin);
	CHECK(command, ORACLE_BOUNDS,
	      !memcmp(&after, &command->before, command->kind->size),
	      "%s has changed an input field of the struct", command->kind->name);
}

static const struct command_kind kinds[OP_KINDS] = {
	[OP_INFO] = { "INFO", FWCTL_INFO, sizeof(struct fwctl_info), fill_info,
		      refusal_info, check_info },
	[OP_RPC] = { "RPC", FWCTL_RPC, sizeof(struct fwctl_rpc), fill_rpc,
		     refusal_rpc, check_rpc },
	[OP_QUERY] = { "QUERY", FWCTL_QUERY, sizeof(struct fwctl_query),
		       fill_query, refusal_query, check_query },
	[OP_RESTRICT] = { "RESTRICT", FWCTL_RESTRICT,
			  sizeof(struct fwctl_restrict), fill_restrict,
			  refusal_restrict, check_restrict },
};

static int command_call(struct job *job, void *data)
{
	struct command *command = data;

	return job->executor->system->ioctl(job->slot.fd, command->kind->number,
					    command->cmd.addr);
}

static void command_once(struct command *command)
{
	struct job *job = command->job;

	job_enter(job);
	command->err = -command_call(job, command);
	job_leave(job);
	if (command->cmd.view && !command->err)
		memcpy(&command->after, command->cmd.view, command->kind->size);
}

/* Repeat the call until the answer's length shows that the flipped request was executed. */
static void command_flipping(struct command *command)
{
	const u32 len = model_outcome(command->device, &command->request).len;

	flip_begin(command->job->executor, command->in.view,
		   command->request.opcode, command->other.opcode);
	command_once(command);
	for (unsigned int i = 1; i < FLIP_TRIES; i++) {
		if (!command->err && command->after.rpc.out_len != len)
			break;
		buffer_fill(&command->cmd, 0, &command->before,
			    command->kind->size);
		command_watch(command);
		command_once(command);
	}
	flip_end(command->job->executor);
}

static void command_make(struct command *command)
{
	if (flips(command))
		command_flipping(command);
	else
		command_once(command);
}

static void command_check(struct command *command)
{
	check_errno(command);
	check_asked(command);
	check_memory(command);
	check_submitted(command);
	if (command->err || !buffer_readable(&command->cmd, command->kind->size))
		return;
	/* The answer's buffer may overlap the struct. */
	if (command->out.region != command->cmd.region)
		check_struct(command);
	command->kind->check(command);
}

/* Read the register first if only the refused variant of a flipping request writes it. */
static bool peek_before(struct command *command, u32 *value)
{
	return flips(command) && command->other_verdict.err &&
	       command->request.arg < MODEL_REGISTERS &&
	       !peek_register(command->job, command->request.arg, value);
}

static void check_peeked(struct command *command, u32 before)
{
	u32 now;

	if (command->request.opcode == FWCTL_SIM_WRITE ||
	    command->request.opcode == FWCTL_SIM_DEBUG_WRITE ||
	    command->request.opcode == FWCTL_SIM_FULL ||
	    peek_register(command->job, command->request.arg, &now))
		return;
	CHECK(command, ORACLE_REGISTERS, now == before,
	      "opcode %u was sent after %u was admitted: register %u is %#x and not %#x",
	      command->other.opcode, command->request.opcode,
	      command->request.arg, now, before);
}

static void command_run(struct command *command)
{
	u32 value = 0;
	bool peeked = peek_before(command, &value);

	query_ask(command);
	submitted_before(command);
	command_make(command);
	command_check(command);
	command_effect(command);
	if (peeked)
		check_peeked(command, value);
	job_say(command->job, command->err);
}

/* Run in a child that is killed during the call: it may or may not have been executed. */
static void command_run_child(struct command *command)
{
	struct model *model = &command->job->executor->model;

	child_run(command->job, command_call, command);
	pthread_mutex_lock(&model->lock);
	model_doubt(command->device, &command->request);
	command->job->slot.description->file.vague |=
		command->kind->number == FWCTL_RESTRICT;
	pthread_mutex_unlock(&model->lock);
}

void run_command(struct job *job)
{
	struct executor *executor = job->executor;
	struct command command = {
		.job = job,
		.kind = &kinds[job->op.kind],
	};

	if (!job->slot.description)
		return;
	pthread_mutex_lock(&executor->model.lock);
	command.file = job->slot.description->file;
	command.device = &executor->model.devices[command.file.device];
	pthread_mutex_unlock(&executor->model.lock);
	command_build(&command);
	command_expect(&command);
	if (job->op.values[CMD_HOW] == HOW_CHILD)
		command_run_child(&command);
	else
		command_run(&command);
}

/* Any ioctl number of fwctl's type: a number that is not one of ours must be refused. */
void run_ioctl(struct job *job)
{
	u32 number = (job->op.values[IOCTL_NUMBER] & ~0xff00U) | FWCTL_TYPE << 8;
	struct buffer cmd = buffer_at(&job->memory->cmd,
				      job->op.values[IOCTL_PLACE], 128);
	int err;

	if (!job->slot.description)
		return;
	if (cmd.view)
		memset(cmd.view, 0, cmd.there);
	job_enter(job);
	err = -job->executor->system->ioctl(job->slot.fd, number, cmd.addr);
	job_leave(job);
	oracle_check(&job->executor->oracle, ORACLE_ERRNO,
		     err && errno_documented(number, err),
		     "ioctl %#x gave %s", number, errno_name(err));
	job_say(job, err);
}
