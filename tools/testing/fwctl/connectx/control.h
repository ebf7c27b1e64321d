/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control socket: a request is a line of text, an answer is lines of text,
 * the last of them "ok ..." or "error ...". Tests use it from outside or inside
 * the guest.
 */
#ifndef CONNECTX_CONTROL_H
#define CONNECTX_CONTROL_H

#include "connectx.h"

struct control;

struct control *control_new(struct connectx *cx);
void control_free(struct control *control);

int control_listen(struct control *control, const char *path);
/* Serve a connected socket; takes @fd over. */
void control_attach(struct control *control, int fd);

#endif
