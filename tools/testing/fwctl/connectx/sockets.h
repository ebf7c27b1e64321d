/* SPDX-License-Identifier: GPL-2.0 */
/* Listening sockets in the file system, for the peer and for control clients. */
#ifndef CONNECTX_SOCKETS_H
#define CONNECTX_SOCKETS_H

/*
 * Create a listening, non-blocking stream socket at @path; a stale one there is
 * replaced. Returns the descriptor or a negative errno.
 */
int socket_listen(const char *path);
/* Accept the next connection, non-blocking; -1 when there is none. */
int socket_accept(int listener);

#endif
