"""Rosters are imported, and what a header means is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def about(**options: object) -> sa.Column[str]:
    kinds = sa.Enum(
        "people",
        "roster",
        name="about",
        native_enum=False,
        create_constraint=True,
        length=32,
    )
    return sa.Column("about", kinds, nullable=False, **options)  # type: ignore[arg-type]


def upgrade() -> None:
    op.create_table(
        "import_column",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        about(),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_import_column_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "about", "header", name=op.f("pk_import_column")
        ),
    )
    for name in ("import_upload", "import_set_aside"):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(about(server_default="people"))


def downgrade() -> None:
    # What belongs to a roster means nothing to the schema before this one.
    rosters = "SELECT id FROM import_upload WHERE about = 'roster'"
    op.execute(f"DELETE FROM import_content WHERE upload_id IN ({rosters})")
    op.execute(f"DELETE FROM import_person WHERE upload_id IN ({rosters})")
    for name in ("import_set_aside", "import_upload"):
        op.execute(f"DELETE FROM {name} WHERE about = 'roster'")
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"ck_{name}_about"), type_="check")
            batch_op.drop_column("about")
    op.drop_table("import_column")
