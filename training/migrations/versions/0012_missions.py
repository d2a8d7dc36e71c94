"""Missions with rotations and posts, requirements, and exceptions to them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROLES = ("trainer", "hr", "author", "reviewer", "administrator")
FRAMEWORKS = ("un", "eu", "nato", "osce", "national")


def allow(
    table: str, column: str, name: str, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    with op.batch_alter_table(table, recreate="auto") as batch_op:
        batch_op.alter_column(
            column,
            existing_type=_enum(name, before),
            type_=_enum(name, after),
            existing_nullable=False,
        )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    allow("role_grant", "role", "role", ROLES, (*ROLES, "commander"))
    allow("mission", "framework", "framework", FRAMEWORKS, (*FRAMEWORKS, "other"))
    op.create_table(
        "readiness_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["mission.id"], name=op.f("fk_readiness_snapshot_mission_id_mission")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_readiness_snapshot_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_snapshot")),
        sa.UniqueConstraint(
            "day",
            "organisation_id",
            "mission_id",
            "state",
            name=op.f("uq_readiness_snapshot_day_organisation_id_mission_id_state"),
        ),
    )
    with op.batch_alter_table("readiness_snapshot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_readiness_snapshot_mission_id"), ["mission_id"], unique=False
        )

    op.create_table(
        "rotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["mission.id"], name=op.f("fk_rotation_mission_id_mission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation")),
        sa.UniqueConstraint("mission_id", "name", name=op.f("uq_rotation_mission_id_name")),
    )
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rotation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["person.id"], name=op.f("fk_mandate_given_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_mandate_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["person.id"], name=op.f("fk_mandate_revoked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["rotation_id"], ["rotation.id"], name=op.f("fk_mandate_rotation_id_rotation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index("ix_mandate_sender", ["rotation_id", "organisation_id"], unique=False)

    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("frameworks", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("rank_bands", sa.JSON(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("component", sa.String(), nullable=True),
        sa.Column(
            "span",
            sa.Enum(
                "start", "tour", name="span", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("max_age_days", sa.Integer(), nullable=True),
        sa.Column("due_days_before", sa.Integer(), nullable=False),
        sa.Column("waivable", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.Column("retired_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("due_days_before >= 1", name=op.f("ck_requirement_due")),
        sa.CheckConstraint("max_age_days > 0", name=op.f("ck_requirement_age")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_requirement_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_requirement_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["mission.id"], name=op.f("fk_requirement_mission_id_mission")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_requirement_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["retired_by_id"], ["person.id"], name=op.f("fk_requirement_retired_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
    )
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requirement_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requirement_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_requirement_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "deployment_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_deployment_change_changed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_deployment_change_deployment_id_deployment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_change")),
    )
    with op.batch_alter_table("deployment_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deployment_change_deployment_id"), ["deployment_id"], unique=False
        )

    op.create_table(
        "equivalent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("external", sa.String(), nullable=True),
        sa.Column("max_age_days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(course_id IS NULL) <> (external IS NULL)", name=op.f("ck_equivalent_one")
        ),
        sa.CheckConstraint("max_age_days > 0", name=op.f("ck_equivalent_age")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_equivalent_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["requirement.id"],
            name=op.f("fk_equivalent_requirement_id_requirement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equivalent")),
    )
    with op.batch_alter_table("equivalent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_equivalent_course_id"), ["course_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_equivalent_requirement_id"), ["requirement_id"], unique=False
        )

    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(), nullable=True),
        sa.Column("refused_by_id", sa.Integer(), nullable=True),
        sa.Column("refused_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("granted_by_id <> asked_by_id", name=op.f("ck_waiver_two")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_waiver_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_waiver_deployment_id_deployment")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_waiver_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_waiver_granted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["refused_by_id"], ["person.id"], name=op.f("fk_waiver_refused_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["requirement.id"],
            name=op.f("fk_waiver_requirement_id_requirement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    with op.batch_alter_table("waiver", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_waiver_deployment_id"), ["deployment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_waiver_requirement_id"), ["requirement_id"], unique=False
        )
        batch_op.create_index(
            "uq_waiver_not_over",
            ["deployment_id", "requirement_id"],
            unique=True,
            sqlite_where=sa.text("refused_at IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("refused_at IS NULL AND ended_at IS NULL"),
        )

    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mission_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_course_mission_id"), ["mission_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_course_mission_id_mission"), "mission", ["mission_id"], ["id"]
        )

    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rotation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("post", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("functions", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("cancelled_at", sa.DateTime(), nullable=True))
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(
            "ix_deployment_board", ["organisation_id", "mission_id", "starts_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_deployment_rotation_id"), ["rotation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_deployment_unit_id"), ["unit_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_deployment_unit_id_unit"), "unit", ["unit_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_deployment_organisation_id_organisation"),
            "organisation",
            ["organisation_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_deployment_rotation_id_rotation"), "rotation", ["rotation_id"], ["id"]
        )

    op.execute(
        "UPDATE deployment SET organisation_id ="
        " (SELECT organisation_id FROM person WHERE person.id = deployment.person_id),"
        " unit_id = (SELECT unit_id FROM person WHERE person.id = deployment.person_id)"
    )
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.Integer(), nullable=False)

    with op.batch_alter_table("mission", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "status",
                sa.Enum(
                    "prepared",
                    "open",
                    "closed",
                    name="missionstatus",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                server_default="open",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("lead_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("referral_checked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("adviser_checked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("hand_over", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("hand_over_checked_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("action_plan", sa.String(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("action_plan_checked_on", sa.Date(), nullable=True))
        batch_op.alter_column("conduct_checked_on", existing_type=sa.DATE(), nullable=True)
        batch_op.create_index(batch_op.f("ix_mission_lead_id"), ["lead_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_mission_lead_id_organisation"), "organisation", ["lead_id"], ["id"]
        )

    # Whoever sent people first leads the mission until somebody says otherwise.
    op.execute(
        "UPDATE mission SET lead_id = (SELECT d.organisation_id FROM deployment d"
        " WHERE d.mission_id = mission.id ORDER BY d.id LIMIT 1)"
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "rank_band",
                sa.Enum(
                    "junior",
                    "middle",
                    "officer",
                    "senior",
                    name="rankband",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )

    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_role_grant_unit_id_unit"), "unit", ["unit_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_role_grant_unit"), "(role = 'commander') = (unit_id IS NOT NULL)"
        )


def downgrade() -> None:
    op.execute("DELETE FROM role_grant WHERE role = 'commander'")
    op.execute("UPDATE mission SET framework = 'national' WHERE framework = 'other'")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_role_grant_unit"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_role_grant_unit_id_unit"), type_="foreignkey")
        batch_op.drop_column("unit_id")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_person_rankband"), type_="check")
        batch_op.drop_column("rank_band")

    op.execute(
        "UPDATE mission SET conduct_checked_on = '1970-01-01' WHERE conduct_checked_on IS NULL"
    )
    with op.batch_alter_table("mission", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_mission_lead_id_organisation"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_mission_lead_id"))
        batch_op.alter_column("conduct_checked_on", existing_type=sa.DATE(), nullable=False)
        batch_op.drop_column("action_plan_checked_on")
        batch_op.drop_column("action_plan")
        batch_op.drop_column("hand_over_checked_on")
        batch_op.drop_column("hand_over")
        batch_op.drop_column("adviser_checked_on")
        batch_op.drop_column("referral_checked_on")
        batch_op.drop_column("lead_id")
        batch_op.drop_constraint(batch_op.f("ck_mission_missionstatus"), type_="check")
        batch_op.drop_column("status")

    with op.batch_alter_table("waiver", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_waiver_not_over",
            sqlite_where=sa.text("refused_at IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("refused_at IS NULL AND ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_waiver_requirement_id"))
        batch_op.drop_index(batch_op.f("ix_waiver_deployment_id"))

    op.drop_table("waiver")
    with op.batch_alter_table("deployment_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deployment_change_deployment_id"))

    op.drop_table("deployment_change")
    # The schema before this one knows neither vacant posts nor what was cancelled.
    op.execute("DELETE FROM deployment WHERE person_id IS NULL OR cancelled_at IS NOT NULL")
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_deployment_rotation_id_rotation"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_deployment_organisation_id_organisation"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_deployment_unit_id_unit"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_deployment_unit_id"))
        batch_op.drop_index(batch_op.f("ix_deployment_rotation_id"))
        batch_op.drop_index("ix_deployment_board")
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("cancelled_at")
        batch_op.drop_column("functions")
        batch_op.drop_column("post")
        batch_op.drop_column("unit_id")
        batch_op.drop_column("rotation_id")
        batch_op.drop_column("organisation_id")

    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_course_mission_id_mission"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_course_mission_id"), type_="unique")
        batch_op.drop_column("mission_id")

    with op.batch_alter_table("equivalent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_equivalent_requirement_id"))
        batch_op.drop_index(batch_op.f("ix_equivalent_course_id"))

    op.drop_table("equivalent")
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requirement_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_requirement_mission_id"))
        batch_op.drop_index(batch_op.f("ix_requirement_course_id"))

    op.drop_table("requirement")
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.drop_index("ix_mandate_sender")

    op.drop_table("mandate")
    op.drop_table("rotation")
    with op.batch_alter_table("readiness_snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_readiness_snapshot_mission_id"))

    op.drop_table("readiness_snapshot")
    allow("mission", "framework", "framework", (*FRAMEWORKS, "other"), FRAMEWORKS)
    allow("role_grant", "role", "role", (*ROLES, "commander"), ROLES)
