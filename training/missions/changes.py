"""Every change of a deployment, kept as it was and as it became. In the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training import audit, signals
from training.missions.models import Deployment, DeploymentChange

# What of a deployment can be changed, and is kept as it was when it is.
FIELDS = (
    "person_id", "rotation_id", "unit_id", "post", "category", "functions", "starts_on", "ends_on"
)  # fmt: skip


def history(session: Session, deployment_id: int) -> list[DeploymentChange]:
    """Return what was changed of a deployment, the newest first."""
    query = select(DeploymentChange).where(DeploymentChange.deployment_id == deployment_id)
    return list(session.scalars(query.order_by(DeploymentChange.id.desc())))


def written(deployment: Deployment) -> dict[str, Any]:
    """Return a deployment as it is kept with a change."""
    found: dict[str, Any] = {name: getattr(deployment, name) for name in FIELDS}
    found["category"] = deployment.category.value
    found["functions"] = list(deployment.functions)
    found["starts_on"] = deployment.starts_on.isoformat()
    found["ends_on"] = deployment.ends_on.isoformat()
    found["cancelled"] = deployment.cancelled_at is not None
    return found


def keep(
    session: Session,
    deployment: Deployment,
    before: Mapping[str, Any],
    reason: str,
    actor_id: int | None,
    at: datetime,
) -> bool:
    """Keep what became of a deployment; return False when nothing did.

    `before` is how it was, and is empty for one that is new.
    """
    after = written(deployment)
    changed = [key for key, value in after.items() if key not in before or before[key] != value]
    if not changed:
        return False
    session.add(
        DeploymentChange(
            deployment_id=deployment.id,
            changed_at=at,
            changed_by_id=actor_id,
            reason=reason,
            before={key: before[key] for key in changed if key in before},
            after={key: after[key] for key in changed},
        )
    )
    audit.record(
        session,
        "deployment.changed" if before else "deployment.made",
        "deployment",
        deployment.id,
        actor_id=actor_id,
        at=at,
        fields=sorted(changed),
    )
    signals.deployment_changed.send(session, deployment_id=deployment.id, at=at)
    return True
