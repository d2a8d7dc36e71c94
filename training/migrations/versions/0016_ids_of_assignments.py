"""Never give the id of an assignment that was taken back to another one."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if not _embedded():
        return
    anew = {"sqlite_autoincrement": True}
    with op.batch_alter_table("assignment", recreate="always", table_kwargs=anew):
        pass
    # What was taken back before this migration is known from the audit trail alone.
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'assignment'")
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'assignment', max("
        "(SELECT coalesce(max(id), 0) FROM assignment),"
        " (SELECT coalesce(max(subject_id), 0) FROM audit_event WHERE subject = 'assignment'))"
    )


def downgrade() -> None:
    if not _embedded():
        return
    with op.batch_alter_table("assignment", recreate="always") as batch_op:
        batch_op.create_primary_key("pk_assignment", ["id"])


def _embedded() -> bool:
    # PostgreSQL counts on by itself.
    return op.get_bind().dialect.name == "sqlite"
