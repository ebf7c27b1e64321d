// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU plugin that counts the instructions of the VM as a processor would: a repeated
 * string instruction is one, and the bytes that it writes have a counter of their own.
 * Programs in the VM read the counters with the instruction of mark.h; each reading is
 * the sum over all CPUs. With profile=FILE executions of each block are counted as well,
 * with interrupts=on also of blocks in interrupts.
 *
 * The instructions of interrupts are counted apart: the timer interrupt follows the host's
 * clock, so a call that the emulation makes slow has more of them. An interrupt lasts from
 * its entry to the next iretq; if it ends by scheduling another task, some instructions of
 * that task are counted as the interrupt's.
 *
 * Instructions are added when a block begins. A block that a page fault ends early counts
 * in full, and its rest once more when it goes on.
 *
 * Each CPU writes to its own counters only; blocks_lock protects the list of blocks.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"
#include "qemu.h"

#define MAX_CPUS 64

/* Repeated string instructions of one CPU that can be interrupted at the same time */
#define MAX_CUT 8

/*
 * A repeated string instruction under way. QEMU takes interrupts after every 65536
 * repetitions. After an interrupt or a page fault it executes the instruction again, with
 * the registers as they are then: at the same address, with the same end, and less left.
 */
struct rep {
	uint64_t pc;		/* address of the instruction */
	uint64_t end;		/* of the buffer that it writes */
	uint64_t left;		/* bytes left when it was executed last */
};

/* The counters of one CPU */
struct cpu {
	uint64_t insns;		/* instructions, those of interrupts included */
	uint64_t bytes;		/* written by repeated string instructions */
	uint64_t interrupts;	/* instructions of interrupts */
	uint64_t entered;	/* @insns at the entry of the current interrupt, or 0 */
	uint64_t profiled;	/* not 0 while executions of blocks are counted */
	struct rep reps[MAX_CUT]; /* the last ones, which may be executed again */
	unsigned int next;	/* slot of @reps that is reused next, modulo MAX_CUT */
};

/* A block of code without jumps in it, as QEMU translates it */
struct block {
	struct block *next;	/* a block that is translated again is listed again */
	uint64_t pc;		/* address of its first instruction */
	uint64_t len;		/* in instructions */
	uint64_t runs;		/* executions since the profile began */
};

/* QEMU's handles of the registers of one CPU */
struct registers {
	struct qemu_plugin_register *rax; /* request of a marked program, and answer */
	struct qemu_plugin_register *rcx; /* elements left of a repeated string instruction */
	struct qemu_plugin_register *rdi; /* address that it writes to */
	struct g_byte_array *value; /* buffer for a register's value; NULL before the CPU starts */
};

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static struct qemu_plugin_scoreboard *cpus;
static struct registers registers[MAX_CPUS];
static const char *profile_path;
static bool with_interrupts;
static struct block *blocks;
static pthread_mutex_t blocks_lock = PTHREAD_MUTEX_INITIALIZER;

static struct qemu_plugin_u64 counter(size_t offset)
{
	return (struct qemu_plugin_u64){ cpus, offset };
}

static uint64_t sum(size_t offset)
{
	uint64_t all = 0;

	for (int i = 0; i < qemu_plugin_num_vcpus(); i++)
		all += qemu_plugin_u64_get(counter(offset), i);
	return all;
}

static uint64_t read_register(struct registers *cpu,
			      struct qemu_plugin_register *reg)
{
	uint64_t value = 0;

	g_byte_array_set_size(cpu->value, 0);
	qemu_plugin_read_register(reg, cpu->value);
	memcpy(&value, cpu->value->data, sizeof(value));
	return value;
}

static void write_register(struct registers *cpu,
			   struct qemu_plugin_register *reg, uint64_t value)
{
	g_byte_array_set_size(cpu->value, sizeof(value));
	memcpy(cpu->value->data, &value, sizeof(value));
	qemu_plugin_write_register(reg, cpu->value);
}

/* Profile */

static void block_run(unsigned int vcpu, void *data)
{
	const struct cpu *cpu = qemu_plugin_scoreboard_find(cpus, vcpu);
	struct block *block = data;

	if (!cpu->entered || with_interrupts)
		__atomic_fetch_add(&block->runs, 1, __ATOMIC_RELAXED);
}

static uint64_t profile_set(uint64_t on)
{
	for (int i = 0; i < qemu_plugin_num_vcpus(); i++)
		qemu_plugin_u64_set(counter(offsetof(struct cpu, profiled)), i,
				    on);
	return 0;
}

static uint64_t profile_begin(void)
{
	pthread_mutex_lock(&blocks_lock);
	for (struct block *block = blocks; block; block = block->next)
		block->runs = 0;
	pthread_mutex_unlock(&blocks_lock);
	return profile_set(1);
}

static uint64_t profile_end(void)
{
	FILE *file = profile_path ? fopen(profile_path, "w") : NULL;

	profile_set(0);
	if (!file)
		return 1;
	pthread_mutex_lock(&blocks_lock);
	for (struct block *block = blocks; block; block = block->next) {
		if (block->runs)
			fprintf(file, "%016llx %llu %llu\n",
				(unsigned long long)block->pc,
				(unsigned long long)block->len,
				(unsigned long long)block->runs);
	}
	pthread_mutex_unlock(&blocks_lock);
	return fclose(file) ? 1 : 0;
}

static void block_profile(struct qemu_plugin_tb *tb)
{
	struct block *block = calloc(1, sizeof(*block));

	if (!block)
		return;
	block->pc = qemu_plugin_tb_vaddr(tb);
	block->len = qemu_plugin_tb_n_insns(tb);
	pthread_mutex_lock(&blocks_lock);
	block->next = blocks;
	blocks = block;
	pthread_mutex_unlock(&blocks_lock);
	qemu_plugin_register_vcpu_tb_exec_cond_cb(tb, block_run,
						  QEMU_PLUGIN_CB_NO_REGS,
						  QEMU_PLUGIN_COND_NE,
						  counter(offsetof(struct cpu, profiled)),
						  0, block);
}

/* Instructions with callbacks of their own */

static void marked(unsigned int vcpu, void *data)
{
	struct registers *cpu = &registers[vcpu];
	uint64_t answer;

	(void)data;
	switch (read_register(cpu, cpu->rax)) {
	case MARK_INSNS:
		answer = sum(offsetof(struct cpu, insns));
		break;
	case MARK_BYTES_MOVED:
		answer = sum(offsetof(struct cpu, bytes));
		break;
	case MARK_INTERRUPTS:
		answer = sum(offsetof(struct cpu, interrupts));
		break;
	case MARK_PROFILE:
		answer = profile_begin();
		break;
	case MARK_PROFILE_END:
		answer = profile_end();
		break;
	default:
		return;
	}
	write_register(cpu, cpu->rax, answer);
}

static void interrupt_entered(unsigned int vcpu, enum qemu_plugin_discon_type type,
			      uint64_t from, uint64_t to, void *data)
{
	struct cpu *cpu;

	(void)type;
	(void)from;
	(void)to;
	(void)data;
	if (!registers[vcpu].value)
		return;
	cpu = qemu_plugin_scoreboard_find(cpus, vcpu);
	if (!cpu->entered)
		cpu->entered = cpu->insns;
}

static void interrupt_left(unsigned int vcpu, void *data)
{
	struct cpu *cpu;

	(void)data;
	if (!registers[vcpu].value)
		return;
	cpu = qemu_plugin_scoreboard_find(cpus, vcpu);
	if (cpu->entered)
		cpu->interrupts += cpu->insns - cpu->entered;
	cpu->entered = 0;
}

/* A repeated string instruction, as translated */
struct string_insn {
	uint64_t pc;
	int shift;		/* log2 of the size of an element in bytes */
};

static struct rep *under_way(struct cpu *cpu, const struct rep *now)
{
	for (int i = 0; i < MAX_CUT; i++) {
		struct rep *rep = &cpu->reps[i];

		if (rep->pc == now->pc && rep->end == now->end &&
		    rep->left > now->left)
			return rep;
	}
	return NULL;
}

static void repeated(unsigned int vcpu, void *data)
{
	struct registers *regs = &registers[vcpu];
	const struct string_insn *insn = data;
	struct rep now = { .pc = insn->pc }, *rep;
	struct cpu *cpu;

	/* A CPU may execute code before QEMU calls cpu_started(). */
	if (!regs->value)
		return;
	cpu = qemu_plugin_scoreboard_find(cpus, vcpu);
	now.left = read_register(regs, regs->rcx) << insn->shift;
	now.end = read_register(regs, regs->rdi) + now.left;
	if (!now.left || cpu->entered)
		return;
	rep = under_way(cpu, &now);
	if (rep) {
		cpu->insns--;
	} else {
		cpu->bytes += now.left;
		rep = &cpu->reps[cpu->next++ % MAX_CUT];
	}
	*rep = now;
}

/* log2 of the element size of a rep movs or rep stos, -1 for other instructions */
static int repeated_shift(const uint8_t *code, size_t len)
{
	bool rep = false, wide = false, word = false;

	for (; len > 1 && (*code == 0xf3 || *code == 0xf2 || *code == 0x66 ||
			   (*code & 0xf0) == 0x40); code++, len--) {
		rep |= *code == 0xf3 || *code == 0xf2;
		word |= *code == 0x66;
		wide |= (*code & 0xf8) == 0x48;
	}
	if (!rep || ((*code & ~1) != 0xa4 && (*code & ~1) != 0xaa))
		return -1;
	if (!(*code & 1))
		return 0;
	return wide ? 3 : word ? 1 : 2;
}

static void repeated_translated(struct qemu_plugin_insn *insn, int shift)
{
	struct string_insn *data = malloc(sizeof(*data));

	if (!data)
		abort();
	data->pc = qemu_plugin_insn_vaddr(insn);
	data->shift = shift;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, repeated,
					       QEMU_PLUGIN_CB_R_REGS, data);
}

static void insn_translated(struct qemu_plugin_insn *insn)
{
	static const uint8_t nop[] = { 0x0f, 0x1f, 0x80, 0x74, 0x63, 0x77, 0x66 };
	static const uint8_t iretq[] = { 0x48, 0xcf };
	uint8_t code[16];
	size_t len = qemu_plugin_insn_data(insn, code, sizeof(code));
	int shift = repeated_shift(code, len);

	if (len == sizeof(nop) && !memcmp(code, nop, len))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, marked,
						       QEMU_PLUGIN_CB_RW_REGS,
						       NULL);
	else if (len == sizeof(iretq) && !memcmp(code, iretq, len))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, interrupt_left,
						       QEMU_PLUGIN_CB_NO_REGS,
						       NULL);
	else if (shift >= 0)
		repeated_translated(insn, shift);
}

static void block_translated(struct qemu_plugin_tb *tb, void *data)
{
	size_t len = qemu_plugin_tb_n_insns(tb);

	(void)data;
	qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(tb,
							  QEMU_PLUGIN_INLINE_ADD_U64,
							  counter(offsetof(struct cpu, insns)),
							  len);
	if (profile_path)
		block_profile(tb);
	for (size_t i = 0; i < len; i++)
		insn_translated(qemu_plugin_tb_get_insn(tb, i));
}

static void cpu_started(unsigned int vcpu, void *data)
{
	struct registers *cpu = &registers[vcpu];
	struct g_array *all = qemu_plugin_get_registers();
	const struct qemu_plugin_reg_descriptor *reg = (void *)all->data;

	(void)data;
	if (vcpu >= MAX_CPUS)
		abort();
	cpu->value = g_byte_array_new();
	for (unsigned int i = 0; i < all->len; i++, reg++) {
		if (!strcmp(reg->name, "rax"))
			cpu->rax = reg->handle;
		if (!strcmp(reg->name, "rcx"))
			cpu->rcx = reg->handle;
		if (!strcmp(reg->name, "rdi"))
			cpu->rdi = reg->handle;
	}
	if (!cpu->rax || !cpu->rcx || !cpu->rdi)
		abort();
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(uint64_t id,
					   const struct qemu_info_t *info,
					   int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "profile=", 8))
			profile_path = argv[i] + 8;
		else if (!strcmp(argv[i], "interrupts=on"))
			with_interrupts = true;
		else
			return 1;
	}
	cpus = qemu_plugin_scoreboard_new(sizeof(struct cpu));
	qemu_plugin_register_vcpu_init_cb(id, cpu_started, NULL);
	qemu_plugin_register_vcpu_discon_cb(id, QEMU_PLUGIN_DISCON_INTERRUPT,
					    interrupt_entered, NULL);
	qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated, NULL);
	return 0;
}
