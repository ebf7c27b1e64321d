// SPDX-License-Identifier: GPL-2.0
/* Numbers and owners of the simple objects. */
#include <string.h>

#include "objects.h"

/* UARs 0 to 2 are the init segment's pages; all types start well above. */
#define FIRST_ID 16U
#define LAST_ID 1023U

struct owner {
	bool used;
	u16 uid;
};

struct objects {
	struct owner owner[OBJECT_TYPES][LAST_ID + 1];
};

struct objects *objects_new(void)
{
	return alloc_zeroed(sizeof(struct objects));
}

void objects_free(struct objects *objects)
{
	free(objects);
}

void objects_reset(struct objects *objects)
{
	memset(objects, 0, sizeof(*objects));
}

u32 objects_create(struct objects *objects, enum object_type type, u16 uid)
{
	u32 id;

	for (id = FIRST_ID; id <= LAST_ID; id++) {
		if (objects->owner[type][id].used)
			continue;
		objects->owner[type][id] = (struct owner){ .used = true, .uid = uid };
		return id;
	}
	return 0;
}

bool objects_exist(const struct objects *objects, enum object_type type, u32 id)
{
	return id <= LAST_ID && objects->owner[type][id].used;
}

/* Only the owner's UID may destroy an object; the kernel's UID 0 is no exception. */
bool objects_destroy(struct objects *objects, enum object_type type, u32 id, u16 uid)
{
	if (!objects_exist(objects, type, id) || objects->owner[type][id].uid != uid)
		return false;
	objects->owner[type][id].used = false;
	return true;
}

void objects_drop_uid(struct objects *objects, u16 uid)
{
	size_t type, id;

	for (type = 0; type < OBJECT_TYPES; type++)
		for (id = FIRST_ID; id <= LAST_ID; id++)
			if (objects->owner[type][id].uid == uid)
				objects->owner[type][id].used = false;
}

unsigned int objects_count(const struct objects *objects, enum object_type type)
{
	unsigned int n = 0;
	u32 id;

	for (id = FIRST_ID; id <= LAST_ID; id++)
		n += objects->owner[type][id].used;
	return n;
}
