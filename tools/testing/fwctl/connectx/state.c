// SPDX-License-Identifier: GPL-2.0
/*
 * {"format": 1, "parameters": [{"type": "0x00000080",
 *   "name": "nv_global_pci_conf", "writer": 9, "value": "bf000000a0020008..."}]}
 *
 * Only parameters that differ from the factory's are listed.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "state.h"

#define FORMAT 1

static void put_json(struct json_object **p)
{
	json_object_put(*p);
}

#define __autojson __attribute__((cleanup(put_json)))

/* Only type, value and writer are read back; the name is for people. */
static struct json_object *describe(const struct nv *nv, int index)
{
	struct json_object *param = json_object_new_object();
	const u8 *value = nv_value(nv, index, NV_NEXT);
	char hex[2 * NV_SIZE_MAX + 1];
	char type[16];
	u32 i;

	snprintf(type, sizeof(type), "0x%08x", nv_table[index].type);
	for (i = 0; i < nv_table[index].size; i++)
		snprintf(hex + 2 * i, 3, "%02x", value[i]);
	json_object_object_add(param, "type", json_object_new_string(type));
	json_object_object_add(param, "name", json_object_new_string(nv_table[index].name));
	json_object_object_add(param, "writer", json_object_new_int(nv_writer(nv, index)));
	json_object_object_add(param, "value", json_object_new_string(hex));
	return param;
}

static struct json_object *describe_all(const struct nv *nv)
{
	struct json_object *params = json_object_new_array();
	struct json_object *root = json_object_new_object();
	size_t i;

	for (i = 0; i < nv_count; i++)
		if (nv_written(nv, (int)i))
			json_object_array_add(params, describe(nv, (int)i));
	json_object_object_add(root, "format", json_object_new_int(FORMAT));
	json_object_object_add(root, "parameters", params);
	return root;
}

static int write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	int err;

	if (!f)
		return -errno;
	err = fprintf(f, "%s\n", text) < 0 || fflush(f) || fsync(fileno(f)) ? -EIO : 0;
	if (fclose(f))
		err = -EIO;
	return err;
}

/* Failure is reported, but not fatal: the device works without storing its configuration. */
static void save(void *arg, const struct nv *nv)
{
	__autojson struct json_object *root = describe_all(nv);
	const char *path = arg;
	char temp[4096];
	int err;

	snprintf(temp, sizeof(temp), "%s.new", path);
	err = write_file(temp, json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY));
	if (!err && rename(temp, path))
		err = -errno;
	if (err)
		fprintf(stderr, "connectx: cannot write the state %s: %s\n", path, strerror(-err));
}

static bool parse_hex(const char *hex, u8 *data, u32 *len)
{
	size_t n = strlen(hex);
	size_t i;

	if (n % 2 || n / 2 > NV_SIZE_MAX)
		return false;
	for (i = 0; i < n; i += 2) {
		unsigned int byte;
		int used = 0;

		if (sscanf(hex + i, "%2x%n", &byte, &used) != 1 || used != 2)
			return false;
		data[i / 2] = (u8)byte;
	}
	*len = (u32)(n / 2);
	return true;
}

static const char *get_string(struct json_object *param, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(param, key, &value))
		return NULL;
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

/* The same checks as for a tool's write, because the file may have been edited. */
static bool load_param(struct nv *nv, struct json_object *param)
{
	const char *type = get_string(param, "type");
	const char *hex = get_string(param, "value");
	struct json_object *writer = NULL;
	u8 data[NV_SIZE_MAX];
	u32 len;

	if (!type || !hex || !parse_hex(hex, data, &len))
		return false;
	json_object_object_get_ex(param, "writer", &writer);
	return !nv_set(nv, (u32)strtoul(type, NULL, 0), data, len,
		       (u8)json_object_get_int(writer));
}

static bool load_root(struct nv *nv, struct json_object *root)
{
	struct json_object *format, *params;
	size_t i;

	if (!json_object_object_get_ex(root, "format", &format) ||
	    json_object_get_int(format) != FORMAT ||
	    !json_object_object_get_ex(root, "parameters", &params) ||
	    !json_object_is_type(params, json_type_array))
		return false;
	for (i = 0; i < json_object_array_length(params); i++)
		if (!load_param(nv, json_object_array_get_idx(params, i)))
			return false;
	return true;
}

static void keep_aside(const char *path)
{
	char aside[4096];

	snprintf(aside, sizeof(aside), "%s.damaged", path);
	fprintf(stderr, "connectx: %s is damaged; kept as %s, starting from factory values\n",
		path, aside);
	if (rename(path, aside))
		fprintf(stderr, "connectx: cannot move it: %m\n");
}

/* All parameters or none: a file with one bad entry is damaged. */
static enum state_result load(const char *path, struct nv *nv)
{
	__autojson struct json_object *root = NULL;

	if (access(path, F_OK))
		return STATE_NONE;
	root = json_object_from_file(path);
	if (root && json_object_is_type(root, json_type_object) && load_root(nv, root))
		return STATE_LOADED;
	keep_aside(path);
	nv_invalidate_all(nv);
	return STATE_DAMAGED;
}

enum state_result state_load(const char *path, struct nv *nv)
{
	enum state_result result = load(path, nv);

	nv_on_change(nv, save, (void *)path);
	return result;
}
