/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A system for the unit tests: fwctl and its simulated device by the rules of the
 * uAPI, in this process, with mistakes that can be switched on. It has no clock:
 * calls never hang and are not delayed, devices are not removed by a fault, and each
 * call with a timeout times out.
 */
#ifndef FUZZ_TESTS_FAKE_H
#define FUZZ_TESTS_FAKE_H

#include "../system.h"

/* Mistakes, each of which must be found by an oracle */
enum fake_mistake {
	MISTAKE_NONE,
	MISTAKE_ERRNO,		/* an errno that is not documented */
	MISTAKE_LABEL,		/* DEBUG_READ_ONLY covers config-write */
	MISTAKE_MODE,		/* a file that is not open for writing writes */
	MISTAKE_QUERY,		/* QUERY forgets about the cap */
	MISTAKE_SUBMIT,		/* a refused request reaches the device */
	MISTAKE_SCRIBBLE,	/* a refused request clears the answer */
	MISTAKE_OVERRUN,	/* a byte more than the room is written */
	MISTAKE_STRUCT,		/* a field of the caller's is changed */
	MISTAKE_RESTRICT,	/* RESTRICT sets the classes */
	MISTAKE_CAP,		/* so does the cap */
	MISTAKE_INFO,		/* INFO leaves the rest of the room as it was */
	MISTAKE_COOKIE,		/* an answer to another request */
	MISTAKE_LENGTH,		/* an answer longer than the room is reported */
	MISTAKE_REFETCH,	/* the request is fetched once more when admitted */
	MISTAKE_BYTES,		/* bytes in flight are not given back */
	MISTAKE_CONTEXT,	/* nor are contexts */
	MISTAKE_WARNING,	/* a complaint if a struct is very long */
	MISTAKE_ROOM,		/* a call that fails clears the answer */
	MISTAKE_UNDO,		/* RESTRICT is undone if its result cannot be written */
	MISTAKES,
	SLOW,			/* no mistake: a fault takes a while to be set */
};

/* Reset the fake and set a mistake; there is only one fake at a time. */
const struct system *fake_start(enum fake_mistake mistake);

/* The value that a fault of the device has. */
int fake_fault(unsigned int device, const char *file);

#endif
