// SPDX-License-Identifier: GPL-2.0
/*
 * The fake. It accesses the caller's memory with process_vm_readv() and _writev()
 * on this process, so that bad addresses give EFAULT as in the kernel.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <fwctl/fwctl.h>
#include <fwctl/sim.h>

#include "../model.h"
#include "fake.h"
#include "trace.h"

/* Longer than the executor waits before it releases what hangs */
#define SLOW_US 200000

#define FDS 64

struct device {
	bool live;
	u32 limits[8];
	u32 cap;
	u32 files, bytes, contexts, submitted, numbers;
	u32 registers[64];
	u32 opcode, class, status;
	size_t answer;
	int hang, error, open_error, answer_len, timeout;
	unsigned int life;
};

struct file {
	int refs;
	unsigned int device, life, mode;
	u32 classes, context, limits[8];
};

static struct device devices[FUZZ_DEVICES];
static struct file files[FDS];
static int fds[FDS];
static enum fake_mistake mistake;
static bool complains;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int user_read(void *to, u64 from, size_t len)
{
	struct iovec here = { to, len }, there = { (void *)from, len };

	if (!len)
		return 0;
	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) ==
	       (ssize_t)len ? 0 : -EFAULT;
}

static int user_write(u64 to, const void *from, size_t len)
{
	struct iovec here = { (void *)from, len }, there = { (void *)to, len };

	if (!len)
		return 0;
	return process_vm_writev(getpid(), &here, 1, &there, 1, 0) ==
	       (ssize_t)len ? 0 : -EFAULT;
}

static struct file *file_of(int fd)
{
	return fd >= 0 && fd < FDS && fds[fd] >= 0 ? &files[fds[fd]] : NULL;
}

static bool file_gone(const struct file *file)
{
	const struct device *device = &devices[file->device];

	return !device->live || device->life != file->life;
}

static int free_fd(int file)
{
	for (int i = 0; i < FDS; i++) {
		if (fds[i] < 0) {
			fds[i] = file;
			return i;
		}
	}
	return -EMFILE;
}

static int open_file(unsigned int number, unsigned int mode)
{
	struct device *device = &devices[number];
	int i = 0;

	if (!device->live)
		return -ENODEV;
	if (device->files >= device->limits[LIMIT_MAX_FILES])
		return -EUSERS;
	if (device->open_error)
		return device->open_error == EAGAIN ? -EBUSY : -device->open_error;
	while (files[i].refs)
		i++;
	files[i] = (struct file){ 1, number, device->life, mode, ALL_CLASSES,
				  ++device->numbers, { 0 } };
	memcpy(files[i].limits, device->limits, sizeof(device->limits));
	device->files++;
	device->contexts++;
	return free_fd(i);
}

static int fake_open(unsigned int device, unsigned int mode)
{
	int ret;

	pthread_mutex_lock(&lock);
	ret = open_file(device, mode);
	pthread_mutex_unlock(&lock);
	return ret;
}

static int fake_dup(int fd)
{
	int ret;

	pthread_mutex_lock(&lock);
	ret = free_fd(fds[fd]);
	files[fds[fd]].refs++;
	pthread_mutex_unlock(&lock);
	return ret;
}

static int fake_close(int fd)
{
	struct file *file = file_of(fd);

	pthread_mutex_lock(&lock);
	fds[fd] = -1;
	if (!--file->refs && !file_gone(file)) {
		devices[file->device].files--;
		devices[file->device].contexts -= mistake != MISTAKE_CONTEXT;
	}
	pthread_mutex_unlock(&lock);
	return 0;
}

/* Copies the struct in; returns 0 or a negative errno. */
static int struct_read(void *cmd, size_t known, u64 arg)
{
	u8 bytes[4096];
	u32 size;

	if (user_read(&size, arg, sizeof(size)))
		return -EFAULT;
	if (size < known)
		return mistake == MISTAKE_ERRNO ? -EBUSY : -EINVAL;
	complains |= mistake == MISTAKE_WARNING && size > 4096;
	if (size > sizeof(bytes))
		return -E2BIG;
	if (user_read(bytes, arg, size))
		return -EFAULT;
	for (size_t i = known; i < size; i++)
		if (bytes[i])
			return -E2BIG;
	memcpy(cmd, bytes, known);
	/* The struct must be writable as well. */
	return 0;
}

static int info(struct file *file, u64 arg)
{
	struct fwctl_info_sim sim = { file->context, 64 };
	u8 zeros[4096] = { 0 };
	struct fwctl_info cmd;
	u32 len, done;
	int ret = struct_read(&cmd, sizeof(cmd), arg);

	if (ret)
		return ret;
	if (cmd.flags)
		return -EOPNOTSUPP;
	if (file_gone(file))
		return -ENODEV;
	len = MIN(cmd.device_data_len, sizeof(sim));
	if (user_write(cmd.out_device_data, &sim, len))
		return -EFAULT;
	for (done = len; done < cmd.device_data_len; done += len) {
		len = MIN(sizeof(zeros), cmd.device_data_len - done);
		if (mistake != MISTAKE_INFO &&
		    user_write(cmd.out_device_data + done, zeros, len))
			return -EFAULT;
	}
	cmd.out_device_type = FWCTL_DEVICE_TYPE_SIM;
	cmd.device_data_len = sizeof(sim);
	return user_write(arg, &cmd, sizeof(cmd));
}

static int restrict_classes(struct file *file, u64 arg)
{
	struct fwctl_restrict cmd;
	int ret = struct_read(&cmd, sizeof(cmd), arg);
	u32 was;

	if (ret)
		return ret;
	if (cmd.flags || cmd.classes & ~ALL_CLASSES)
		return -EOPNOTSUPP;
	if (file_gone(file))
		return -ENODEV;
	cmd.out_classes = cmd.classes & file->classes;
	if (mistake == MISTAKE_RESTRICT)
		cmd.out_classes = cmd.classes;
	was = file->classes;
	file->classes = cmd.out_classes;
	ret = user_write(arg, &cmd, sizeof(cmd));
	if (ret && mistake == MISTAKE_UNDO)
		file->classes = was;
	return ret;
}

static u32 class_of(const struct device *device,
		    const struct fwctl_sim_request *request)
{
	static const u32 classes[] = { 0, 1, 1, 2, 3, 4, 5, 0 };

	if (request->reserved)
		return FWCTL_CLASS_NEVER;
	if (request->opcode < ARRAY_SIZE(classes))
		return classes[request->opcode];
	return request->opcode == device->opcode ? device->class : 0;
}

static const u32 covers[] = { 0x06, 0x0a, 0x1e, 0x3e };

static u32 reason_of(const struct file *file, u32 scope, u32 class, u32 cap)
{
	u32 covered = covers[scope], reads = 0x0a;

	if (mistake == MISTAKE_LABEL && scope == FWCTL_RPC_DEBUG_READ_ONLY)
		covered |= BIT(FWCTL_CLASS_CONFIG_WRITE);
	if (!class)
		return FWCTL_REASON_NEVER;
	if (!(covered & BIT(class)))
		return FWCTL_REASON_LABEL;
	if (file->mode == MODE_RO && !(reads & BIT(class)) &&
	    mistake != MISTAKE_MODE)
		return FWCTL_REASON_READ_ONLY;
	if (!(file->classes & BIT(class)))
		return FWCTL_REASON_RESTRICTED;
	return cap & BIT(class) ? FWCTL_REASON_NONE : FWCTL_REASON_CAPPED;
}

static bool fits(const struct file *file, u32 in_len, u32 out_len)
{
	const u32 *limits = file->limits;

	return in_len >= limits[LIMIT_MIN_IN] && in_len <= limits[LIMIT_MAX_IN] &&
	       out_len >= limits[LIMIT_MIN_OUT] && out_len <= limits[LIMIT_MAX_OUT];
}

static int reason_errno(u32 reason)
{
	static const int errnos[] = { 0, EMSGSIZE, EBADMSG, EBADMSG, EPERM,
				      EPERM, EPERM, EPERM, EPERM };

	return errnos[reason];
}

static int query(struct file *file, u64 arg)
{
	struct device *device = &devices[file->device];
	u32 cap = mistake == MISTAKE_QUERY ? ALL_CLASSES : device->cap;
	struct fwctl_sim_request request;
	struct fwctl_query cmd;
	int ret = struct_read(&cmd, sizeof(cmd), arg);

	if (ret)
		return ret;
	if (cmd.flags || cmd.scope > FWCTL_RPC_DEBUG_WRITE_FULL)
		return -EOPNOTSUPP;
	if (file_gone(file))
		return -ENODEV;
	cmd.out_class = 0;
	cmd.out_reason = FWCTL_REASON_LENGTH;
	if (fits(file, cmd.in_len, cmd.out_len)) {
		if (user_read(&request, cmd.in, sizeof(request)))
			return -EFAULT;
		cmd.out_class = class_of(device, &request);
		cmd.out_reason = reason_of(file, cmd.scope, cmd.out_class, cap);
	}
	cmd.out_errno = reason_errno(cmd.out_reason);
	cmd.out_classes = file->classes & device->cap &
			  (file->mode == MODE_RO ? 0x0a : ALL_CLASSES);
	cmd.out_max_files = file->limits[LIMIT_MAX_FILES];
	cmd.out_max_calls = file->limits[LIMIT_MAX_CALLS];
	cmd.out_max_file_calls = file->limits[LIMIT_MAX_FILE_CALLS];
	cmd.out_max_bytes = file->limits[LIMIT_MAX_BYTES];
	cmd.out_min_in = file->limits[LIMIT_MIN_IN];
	cmd.out_max_in = file->limits[LIMIT_MAX_IN];
	cmd.out_min_out = file->limits[LIMIT_MIN_OUT];
	cmd.out_max_out = file->limits[LIMIT_MAX_OUT];
	return user_write(arg, &cmd, sizeof(cmd));
}

/**
 * struct call - a request being executed
 * @device: its device
 * @in: the request
 * @out: the answer
 * @in_len: length of the request
 * @out_len: size of the answer's buffer
 * @answer_len: length of the answer
 */
struct call {
	struct device *device;
	u8 *in, *out;
	u32 in_len, out_len, answer_len;
};

static u32 register_access(struct call *call, u16 opcode, u32 arg)
{
	bool reads = opcode == FWCTL_SIM_READ || opcode == FWCTL_SIM_DEBUG_READ;

	if (arg >= 64)
		return FWCTL_SIM_BAD_REGISTER;
	if ((reads ? call->out_len : call->in_len) < 20)
		return FWCTL_SIM_BAD_LENGTH;
	if (reads) {
		memcpy(call->out + 16, &call->device->registers[arg], 4);
		call->answer_len = 20;
	} else {
		memcpy(&call->device->registers[arg], call->in + 16, 4);
	}
	return FWCTL_SIM_OK;
}

static u32 configured_answer(struct call *call)
{
	call->answer_len = MIN(16 + call->device->answer, call->out_len);
	for (u32 i = 16; i < call->answer_len; i++)
		call->out[i] = configured_byte(i - 16);
	return call->device->status;
}

static void firmware(struct call *call, u32 context)
{
	struct fwctl_sim_answer answer = { .context = context };
	struct fwctl_sim_request request;

	memcpy(&request, call->in, sizeof(request));
	call->answer_len = 16;
	if (request.opcode == FWCTL_SIM_ECHO) {
		call->answer_len = MIN(call->in_len, call->out_len);
		memcpy(call->out + 16, call->in + 16, call->answer_len - 16);
	} else if (request.opcode < FWCTL_SIM_NEVER) {
		answer.status = register_access(call, request.opcode, request.arg);
	} else {
		answer.status = configured_answer(call);
	}
	answer.cookie = request.cookie + (mistake == MISTAKE_COOKIE);
	memcpy(call->out, &answer, sizeof(answer));
}

/* As in the kernel, probe a byte on each page of the answer's buffer. */
static int room_try(u64 out, u32 len)
{
	u8 byte;

	for (u32 done = 0; done < len; done += MIN(4096, len - done)) {
		if (user_read(&byte, out + done, 1) ||
		    user_write(out + done, &byte, 1))
			return -EFAULT;
	}
	return user_read(&byte, out + len - 1, 1) ||
	       user_write(out + len - 1, &byte, 1) ? -EFAULT : 0;
}

static int rpc_refused(struct file *file, const struct fwctl_rpc *cmd, int err)
{
	u8 zero[16] = { 0 };

	if (mistake == MISTAKE_SUBMIT)
		devices[file->device].submitted++;
	if (mistake == MISTAKE_SCRIBBLE)
		user_write(cmd->out, zero, sizeof(zero));
	return err;
}

static int rpc_admit(struct file *file, const struct fwctl_rpc *cmd,
		     struct fwctl_sim_request *request)
{
	struct device *device = &devices[file->device];
	int err;

	if (cmd->scope > FWCTL_RPC_DEBUG_WRITE_FULL)
		return -EOPNOTSUPP;
	if (!fits(file, cmd->in_len, cmd->out_len))
		return -EMSGSIZE;
	if (user_read(request, cmd->in, sizeof(*request)))
		return -EFAULT;
	if (file_gone(file))
		return -ENODEV;
	err = reason_errno(reason_of(file, cmd->scope, class_of(device, request),
				     device->cap));
	return err ? rpc_refused(file, cmd, -err) : 0;
}

static int rpc_answer(struct call *call, struct fwctl_rpc *cmd, u64 arg)
{
	struct device *device = call->device;
	u8 zero[16] = { 0 };
	u32 written;

	if (mistake == MISTAKE_ROOM && (device->timeout || device->error))
		user_write(cmd->out, zero, sizeof(zero));
	if (device->timeout)
		return -ETIMEDOUT;
	if (device->error)
		return device->error == EAGAIN ? -EBUSY : -device->error;
	if (device->answer_len >= 0)
		call->answer_len = device->answer_len;
	if (mistake == MISTAKE_LENGTH && call->answer_len > call->out_len)
		call->answer_len = call->out_len + 1;
	else if (call->answer_len > call->out_len)
		return -EIO;
	written = MIN(call->answer_len, call->out_len);
	if (mistake == MISTAKE_OVERRUN)
		written++;
	if (user_write(cmd->out, call->out, written))
		return -EFAULT;
	cmd->out_len = call->answer_len;
	cmd->in_len += mistake == MISTAKE_STRUCT;
	return user_write(arg, cmd, sizeof(*cmd));
}

static int rpc_send(struct file *file, struct fwctl_rpc *cmd, u64 arg,
		    const struct fwctl_sim_request *request)
{
	struct call call = {
		.device = &devices[file->device],
		.in_len = cmd->in_len,
		.out_len = cmd->out_len,
		.in = resize(NULL, cmd->in_len),
		.out = resize(NULL, cmd->out_len + 1),
	};
	int ret = user_read(call.in, cmd->in, cmd->in_len);

	memset(call.out, 0, call.out_len + 1);
	if (mistake == MISTAKE_REFETCH)
		usleep(50);
	else
		memcpy(call.in, request, sizeof(*request));
	if (!ret)
		ret = room_try(cmd->out, cmd->out_len);
	if (!ret)
		ret = user_write(arg, cmd, sizeof(*cmd));
	if (!ret) {
		call.device->submitted++;
		if (!call.device->error)
			firmware(&call, file->context);
		ret = rpc_answer(&call, cmd, arg);
	}
	free(call.in);
	free(call.out);
	return ret;
}

static int rpc(struct file *file, u64 arg)
{
	struct fwctl_sim_request request;
	struct fwctl_rpc cmd;
	int ret = struct_read(&cmd, sizeof(cmd), arg);

	if (ret)
		return ret;
	ret = rpc_admit(file, &cmd, &request);
	if (ret)
		return ret;
	devices[file->device].bytes += mistake == MISTAKE_BYTES;
	return rpc_send(file, &cmd, arg, &request);
}

static int fake_ioctl(int fd, u32 number, u64 arg)
{
	static const struct {
		u32 number;
		int (*run)(struct file *file, u64 arg);
	} ioctls[] = {
		{ FWCTL_INFO, info }, { FWCTL_RPC, rpc }, { FWCTL_QUERY, query },
		{ FWCTL_RESTRICT, restrict_classes },
	};
	int ret = -ENOTTY;

	pthread_mutex_lock(&lock);
	for (unsigned int i = 0; i < ARRAY_SIZE(ioctls); i++)
		if (ioctls[i].number == number)
			ret = ioctls[i].run(file_of(fd), arg);
	pthread_mutex_unlock(&lock);
	return ret;
}

static int live_set(struct device *device, bool live)
{
	if (live && !device->live) {
		if (device->limits[LIMIT_MAX_BYTES] / 2 <
		    device->limits[LIMIT_MAX_IN] + device->limits[LIMIT_MAX_OUT])
			return -EINVAL;
		device->life++;
		device->cap = ALL_CLASSES;
		device->submitted = 0;
		device->numbers = 0;
	}
	if (!live) {
		device->files = 0;
		device->contexts = 0;
		device->bytes = 0;
	}
	device->live = live;
	return 0;
}

static int *fault_of(struct device *device, const char *file)
{
	if (!strcmp(file, "faults/hang"))
		return &device->hang;
	if (!strcmp(file, "faults/error"))
		return &device->error;
	if (!strcmp(file, "faults/open_error"))
		return &device->open_error;
	if (!strcmp(file, "faults/answer_len"))
		return &device->answer_len;
	if (!strcmp(file, "faults/timeout_us"))
		return &device->timeout;
	return NULL;
}

static int limit_set(struct device *device, const char *file, u32 value)
{
	for (unsigned int i = 0; i < 8; i++) {
		if (!strcmp(file, limit_names[i])) {
			if (device->live)
				return -EBUSY;
			/* fwctl_sim has the same bounds. */
			if (!value || value > 1U << 30)
				return -ERANGE;
			device->limits[i] = value;
			return 0;
		}
	}
	return 0;
}

static int fake_config_write(unsigned int number, const char *file,
			     const char *text)
{
	struct device *device = &devices[number];
	int *fault = fault_of(device, file), ret = 0;

	if (fault && mistake == SLOW && text[0] != '0')
		usleep(SLOW_US);
	pthread_mutex_lock(&lock);
	if (fault)
		*fault = atoi(text);
	else if (!strcmp(file, "live"))
		ret = live_set(device, text[0] == '1');
	else
		ret = limit_set(device, file, strtoull(text, NULL, 0));
	pthread_mutex_unlock(&lock);
	return ret;
}

int fake_fault(unsigned int device, const char *file)
{
	return *fault_of(&devices[device], file);
}

static int fake_config_read(unsigned int number, const char *file, char *text,
			    size_t size)
{
	const struct device *device = &devices[number];
	u32 value = 0;

	pthread_mutex_lock(&lock);
	if (!strcmp(file, "stats/submitted"))
		value = device->submitted;
	else if (!strcmp(file, "stats/contexts"))
		value = device->contexts;
	pthread_mutex_unlock(&lock);
	snprintf(text, size, "%u", value);
	return 0;
}

static int fake_config_opcode(unsigned int number, u32 opcode,
			      unsigned int class, u32 status, size_t answer)
{
	struct device *device = &devices[number];

	pthread_mutex_lock(&lock);
	device->opcode = opcode;
	device->class = class;
	device->status = status;
	device->answer = answer;
	pthread_mutex_unlock(&lock);
	return 0;
}

static const char *const words[] = {
	"never", "config-read", "config-write", "debug-read", "debug-write", "full",
};

static int cap_write(struct device *device, const char *text)
{
	char copy[256], *save, *word;
	u32 classes = 0;

	snprintf(copy, sizeof(copy), "%s", text);
	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		unsigned int i = 1;

		while (i < ARRAY_SIZE(words) && strcmp(words[i], word))
			i++;
		if (i < ARRAY_SIZE(words))
			classes |= BIT(i);
		else if (strcmp(word, "none"))
			return -EINVAL;
	}
	if (classes & ~device->cap && mistake != MISTAKE_CAP)
		return -EPERM;
	device->cap = classes;
	return 0;
}

static int fake_node_write(unsigned int number, const char *file,
			   const char *text)
{
	int ret = -ENODEV;

	pthread_mutex_lock(&lock);
	if (devices[number].live)
		ret = cap_write(&devices[number], text);
	pthread_mutex_unlock(&lock);
	return ret;
}

static void cap_print(const struct device *device, char *text, size_t size)
{
	size_t len = 0;

	snprintf(text, size, "none");
	for (unsigned int i = 1; i < ARRAY_SIZE(words); i++)
		if (device->cap & BIT(i))
			len += snprintf(text + len, size - len, "%s%s",
					len ? " " : "", words[i]);
}

static u32 number_of(const struct device *device, const char *file)
{
	if (!strcmp(file, "usage/files"))
		return device->files;
	if (!strcmp(file, "usage/bytes"))
		return device->bytes;
	for (unsigned int i = 0; i < 8; i++)
		if (!strncmp(file, "limits/", 7) && !strcmp(file + 7, limit_names[i]))
			return device->limits[i];
	return 0;
}

static int fake_node_read(unsigned int number, const char *file, char *text,
			  size_t size)
{
	const struct device *device = &devices[number];
	int ret = 0;

	pthread_mutex_lock(&lock);
	if (!device->live)
		ret = -ENODEV;
	else if (!strcmp(file, "classes"))
		cap_print(device, text, size);
	else
		snprintf(text, size, "%u", number_of(device, file));
	pthread_mutex_unlock(&lock);
	return ret;
}

static bool fake_complaint(char *text, size_t size)
{
	bool was = complains;

	complains = false;
	snprintf(text, size, "the fake complains");
	return was;
}

const struct system *fake_start(enum fake_mistake which)
{
	static const struct system fake = {
		.forks = false,
		.open = fake_open,
		.dup = fake_dup,
		.close = fake_close,
		.ioctl = fake_ioctl,
		.config_write = fake_config_write,
		.config_read = fake_config_read,
		.config_opcode = fake_config_opcode,
		.node_write = fake_node_write,
		.node_read = fake_node_read,
		.trace = trace_begin,
		.complaint = fake_complaint,
	};

	memset(devices, 0, sizeof(devices));
	memset(files, 0, sizeof(files));
	memset(fds, -1, sizeof(fds));
	mistake = which;
	complains = false;
	return &fake;
}
