"""Say when the test may come before the lessons: in a further cycle, for what is published."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "test_first",
                sa.Enum(
                    "never",
                    "repeat",
                    "always",
                    name="maytestfirst",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=False,
                server_default="repeat",
            )
        )
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.alter_column("test_first", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_course_version_maytestfirst"), type_="check")
        batch_op.drop_column("test_first")
