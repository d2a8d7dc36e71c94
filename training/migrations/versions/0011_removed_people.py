"""Let the records of people end, while their certificates can still be verified."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_signed_in_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("remove_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(), nullable=True))
        batch_op.create_index(
            "ix_person_ending", ["organisation_id", "remove_on", "id"], unique=False
        )
    op.execute(
        "UPDATE person SET last_signed_in_on = (SELECT date(max(s.created_at))"
        " FROM sign_in_session s WHERE s.person_id = person.id)"
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("completion_id", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    # What was issued is never deleted, and the schema before this one cannot hold it.
    ownerless = sa.text("SELECT count(*) FROM certificate WHERE person_id IS NULL")
    if op.get_bind().scalar(ownerless):
        msg = "there are certificates of people who were removed: restore a backup instead"
        raise RuntimeError(msg)
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("completion_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_ending")
        batch_op.drop_column("removed_at")
        batch_op.drop_column("remove_on")
        batch_op.drop_column("last_signed_in_on")
