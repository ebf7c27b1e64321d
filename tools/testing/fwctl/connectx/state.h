/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State that outlives the process: the next-boot configuration, in a JSON file that
 * can be read and edited by hand. It is written whole to a temporary name and
 * renamed, so that a reader sees either the old file or the new one.
 */
#ifndef CONNECTX_STATE_H
#define CONNECTX_STATE_H

#include "nv.h"

enum state_result { STATE_LOADED, STATE_NONE, STATE_DAMAGED };

/*
 * Read @path into @nv, and write the file after each change of @nv. A damaged
 * file is moved to PATH.damaged, with one line on stderr, and factory values are
 * used. @path must stay valid.
 */
enum state_result state_load(const char *path, struct nv *nv);

#endif
