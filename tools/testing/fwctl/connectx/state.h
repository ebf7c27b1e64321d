/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What outlives the process: next-boot configuration, in a JSON file that a
 * person can read and edit. Written whole under another name and renamed, so
 * that the file is always either the old or the new one.
 */
#ifndef CONNECTX_STATE_H
#define CONNECTX_STATE_H

#include "nv.h"

enum state_result { STATE_LOADED, STATE_NONE, STATE_DAMAGED };

/*
 * Read @path into @nv, and from then on keep the file in step with it. A damaged
 * file is moved to PATH.damaged, with one line on stderr, and factory values
 * stand. @path must stay valid.
 */
enum state_result state_load(const char *path, struct nv *nv);

#endif
