/* SPDX-License-Identifier: GPL-2.0 */
/* Listening on a path in the file system, for the peer and for control clients. */
#ifndef CONNECTX_SOCKETS_H
#define CONNECTX_SOCKETS_H

/*
 * A listening, non-blocking stream socket at @path; a stale one there is
 * replaced. The descriptor, or a negative errno.
 */
int socket_listen(const char *path);
/* The next connection, non-blocking; -1 when there is none. */
int socket_accept(int listener);

#endif
