// SPDX-License-Identifier: GPL-2.0
/*
 * The firmware's components and their update, as far as the policy has to know: which
 * component is the device's own image, and which update a file has under way.
 *
 * An update is a session, one at a time, with a handle that the firmware gives and that
 * everybody can read. The kernel's own are devlink's.
 */
#include <linux/mlx5/driver.h>

#include "command.h"
#include "policy.h"

/* Identifier of the firmware image in MCQS, and the most components that are looked at */
#define MLX5_FWCTL_BOOT_IMG 1
#define MLX5_FWCTL_COMPONENTS 64

/* Read the MCQS register of a component. Return: 0, or as mlx5_cmd_do(). */
static int mlx5_fwctl_query_component(struct mlx5_core_dev *mdev, u16 index,
				      u8 *mcqs)
{
	u8 in[MLX5_ST_SZ_BYTES(access_register_in) +
	      MLX5_ST_SZ_BYTES(mcqs_reg)] = {};
	u8 out[sizeof(in)] = {};
	int ret;

	MLX5_SET(access_register_in, in, opcode, MLX5_CMD_OP_ACCESS_REG);
	MLX5_SET(access_register_in, in, op_mod,
		 MLX5_ACCESS_REGISTER_IN_OP_MOD_READ);
	MLX5_SET(access_register_in, in, register_id, MLX5_REG_MCQS);
	MLX5_SET(mcqs_reg, MLX5_ADDR_OF(access_register_in, in, register_data),
		 component_index, index);
	ret = mlx5_cmd_do(mdev, in, sizeof(in), out, sizeof(out));
	memcpy(mcqs, MLX5_ADDR_OF(access_register_out, out, register_data),
	       MLX5_ST_SZ_BYTES(mcqs_reg));
	return ret;
}

/*
 * Ask, for the policy, for the number that this device's firmware gives to its own image.
 * Under the lock of the contexts, while no answer is owed. Return: true if there is nothing
 * more to ask; otherwise the next file asks again.
 */
bool mlx5_fwctl_find_boot_image(struct mlx5_fwctl *mfwctl)
{
	u8 mcqs[MLX5_ST_SZ_BYTES(mcqs_reg)];

	for (u16 i = 0; i < MLX5_FWCTL_COMPONENTS; i++) {
		int ret = mlx5_fwctl_query_component(mfwctl->mdev, i, mcqs);

		if (ret)
			return ret == -EREMOTEIO; /* the firmware refuses it */
		if (MLX5_GET(mcqs_reg, mcqs, identifier) == MLX5_FWCTL_BOOT_IMG) {
			WRITE_ONCE(mfwctl->boot_image, i);
			return true;
		}
		if (MLX5_GET(mcqs_reg, mcqs, last_index_flag))
			return true;
	}
	return true;
}

/* Instructions of MCC (PRM) */
#define MLX5_FWCTL_LOCK 1
#define MLX5_FWCTL_RELEASE 2

static bool mlx5_fwctl_is_mcc_write(const struct fwctl_call *call)
{
	const size_t len = MLX5_ST_SZ_BYTES(access_register_in) +
			   MLX5_ST_SZ_BYTES(mcc_reg);
	const void *in = call->in;

	return call->in_len >= len && call->out_len >= len &&
	       MLX5_GET(access_register_in, in, opcode) ==
		       MLX5_CMD_OP_ACCESS_REG &&
	       MLX5_GET(access_register_in, in, op_mod) ==
		       MLX5_ACCESS_REGISTER_IN_OP_MOD_WRITE &&
	       MLX5_GET(access_register_in, in, register_id) == MLX5_REG_MCC;
}

/*
 * A command was executed without an error. Remember, for the policy, the update that its
 * file has locked with it, by the handle in the answer, until the file releases it. Any
 * context.
 */
void mlx5_fwctl_note_update(struct fwctl_call *call)
{
	struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(call->uctx);
	const void *in, *out;

	if (!mlx5_fwctl_is_mcc_write(call))
		return;
	in = MLX5_ADDR_OF(access_register_in, call->in, register_data);
	out = MLX5_ADDR_OF(access_register_out, call->out, register_data);
	switch (MLX5_GET(mcc_reg, in, instruction)) {
	case MLX5_FWCTL_LOCK:
		WRITE_ONCE(uctx->update_handle,
			   MLX5_GET(mcc_reg, out, update_handle));
		break;
	case MLX5_FWCTL_RELEASE:
		WRITE_ONCE(uctx->update_handle, MLX5_FWCTL_NO_UPDATE);
		break;
	}
}
