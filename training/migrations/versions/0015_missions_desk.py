"""Pocket cards, and deployments that a form makes once."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pocket_card",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_pocket_card")),
    )
    with op.batch_alter_table("pocket_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pocket_card_wanted_at"), ["wanted_at"], unique=False)
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("token", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_deployment_token"), ["token"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deployment_token"))
        batch_op.drop_column("token")
    op.drop_table("pocket_card")
