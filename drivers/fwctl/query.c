// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_QUERY: could this request be sent now, and what are the limits? The same
 * steps as FWCTL_RPC up to the decision, and no trace of it.
 */
#include "internal.h"

static int fwctl_query_reason(struct fwctl_asked *asked,
			      enum fwctl_reason *reason)
{
	struct fwctl_rights rights;
	int ret;

	*reason = FWCTL_REASON_LENGTH;
	if (!fwctl_request_fits(asked))
		return 0;
	ret = fwctl_request_classify(asked);
	if (ret)
		return ret;
	rights = fwctl_request_rights(asked);
	*reason = fwctl_admit(asked->what.scope, asked->what.class, &rights,
			      fwctl_permits_query);
	return 0;
}

static void fwctl_query_limits(struct fwctl_query *cmd,
			       const struct fwctl_ops *ops)
{
	cmd->out_min_in = ops->min_in;
	cmd->out_max_in = ops->max_in;
	cmd->out_min_out = ops->min_out;
	cmd->out_max_out = ops->max_out;
	cmd->out_max_files = ops->max_files;
	cmd->out_max_calls = ops->max_calls;
	cmd->out_max_file_calls = ops->max_file_calls;
	cmd->out_max_bytes = ops->max_bytes;
}

/**
 * fwctl_cmd_query - run a FWCTL_QUERY
 * @ucmd: the ioctl
 *
 * Process context, may sleep. Never reaches the firmware.
 *
 * Return: 0, -EOPNOTSUPP, -EFAULT, or -ENODEV if the device is gone.
 */
int fwctl_cmd_query(struct fwctl_ucmd *ucmd)
{
	struct fwctl_device *fdev = ucmd->uctx->fdev;
	struct fwctl_query cmd __uninitialized;
	enum fwctl_reason reason;
	struct fwctl_rights rights;
	struct fwctl_asked asked __uninitialized; /* each step fills its part */
	int ret;

	ret = fwctl_ucmd_read(ucmd, &cmd, sizeof(cmd),
			      offsetofend(struct fwctl_query, out_max_bytes));
	if (ret)
		return ret;
	if (cmd.reserved)
		return -EOPNOTSUPP;
	ret = fwctl_request_decode(&asked, ucmd, cmd.scope, cmd.in,
				   cmd.in_len, cmd.out_len);
	if (ret)
		return ret;
	if (READ_ONCE(fdev->gone))
		return -ENODEV;
	ret = fwctl_query_reason(&asked, &reason);
	if (ret)
		return ret;

	cmd.out_class = asked.what.class;
	cmd.out_reason = reason;
	cmd.out_errno = -fwctl_reason_errno(reason);
	rights = fwctl_request_rights(&asked);
	cmd.out_classes = fwctl_rights_classes(&rights);
	fwctl_query_limits(&cmd, &fdev->ops);
	return fwctl_ucmd_respond(ucmd, &cmd, sizeof(cmd));
}
