// SPDX-License-Identifier: GPL-2.0
/*
 * Maps a PCI BAR through sysfs, as tools did before fwctl.
 *
 *	barmap read|write /sys/bus/pci/devices/ADDRESS/resource0
 *
 * mmap() is used because read() and write() of a memory BAR fail with or without
 * lockdown. If the mapping is allowed, the first word of the BAR is read, or read and
 * written back. Exit status 0 if allowed, 1 if refused.
 */
#include <endian.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define MAP_SIZE 4096

static int refused(const char *what, const char *path)
{
	fprintf(stderr, "barmap: %s ", what);
	perror(path);
	return 1;
}

int main(int argc, char **argv)
{
	volatile uint32_t *bar;
	const char *path;
	int fd, writing;

	if (argc != 3) {
		fprintf(stderr, "usage: barmap read|write FILE\n");
		return 2;
	}
	writing = !strcmp(argv[1], "write");
	path = argv[2];

	fd = open(path, writing ? O_RDWR : O_RDONLY);
	if (fd < 0)
		return refused("open", path);
	bar = mmap(NULL, MAP_SIZE, writing ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
	if (bar == MAP_FAILED)
		return refused("mmap", path);

	printf("first word of the BAR: 0x%08x\n", be32toh(*bar));
	if (writing)
		*bar = *bar;
	return 0;
}
