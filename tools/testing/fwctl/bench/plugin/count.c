// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU plugin that counts what the VM executes, as a processor would count it: every
 * instruction is one, also a repeated string instruction, whose bytes are counted beside.
 * Programs in the VM read the counters with the instruction of mark.h; each reading is
 * the sum over all CPUs. With profile=FILE it can also count for each block of code,
 * and with interrupts=on for those of interrupts too.
 *
 * The instructions of interrupts are counted apart: their timer ticks by the host's clock,
 * and a call that takes long here has more of them. An interrupt is what happens from its
 * entry to the next iretq; should its end be that another task is scheduled, some of that
 * task's instructions are taken for its own.
 *
 * Counting is by block, when one begins. A block that a page fault ends early counts in
 * full, and its rest once more when it goes on.
 *
 * Each CPU writes to its own counters only; blocks are listed under a lock.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"
#include "qemu.h"

#define MAX_CPUS 64

/* How many repeated string instructions of a CPU can be in the middle at once */
#define MAX_CUT 8

/**
 * struct rep - a repeated string instruction under way
 * @pc: its address
 * @end: where it stops writing
 * @left: how many bytes it had left when it was begun or begun again
 *
 * QEMU takes interrupts after every 65536 repetitions, and begins again after that or a
 * page fault, with the registers as they are then: the same instruction, the same end,
 * less left.
 */
struct rep {
	uint64_t pc, end, left;
};

/**
 * struct cpu - what is counted on one CPU
 * @insns: instructions
 * @bytes: written by repeated string instructions
 * @interrupts: those of them that belong to interrupts
 * @entered: @insns when the interrupt under way began, 0 if there is none
 * @profiled: not 0 while each block is counted
 * @reps: the last repeated string instructions that may have to begin again
 * @next: which of them is forgotten next
 */
struct cpu {
	uint64_t insns, bytes, interrupts, entered, profiled;
	struct rep reps[MAX_CUT];
	unsigned int next;
};

/**
 * struct block - a piece of code without jumps in it, as QEMU translates it
 * @next: in the list of all; a piece that is translated again is there again
 * @pc: its address
 * @len: instructions in it
 * @runs: how often it was executed while a profile was made
 */
struct block {
	struct block *next;
	uint64_t pc, len, runs;
};

/**
 * struct registers - how a CPU's registers are read
 * @rax: what a marked program asks, and its answer
 * @rcx: how many elements a repeated string instruction has left
 * @rdi: where it writes
 * @value: where QEMU leaves a register; there once the CPU has started
 *
 * Each CPU has handles of its own.
 */
struct registers {
	struct qemu_plugin_register *rax, *rcx, *rdi;
	struct g_byte_array *value;
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

/* Instructions that are looked at */

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

/**
 * struct string_insn - a repeated string instruction, as translated
 * @pc: its address
 * @shift: log2 of the bytes of an element
 */
struct string_insn {
	uint64_t pc;
	int shift;
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

	/* A CPU may run before QEMU says that it has started. */
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

/* rep movs or stos: the log2 of the bytes of one element, or -1 if it is no such thing */
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
