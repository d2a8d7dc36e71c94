"""Where a roster can send people: the missions that are not closed, and their rotations."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.errors import Invalid, NotFound
from training.missions.models import Mission, MissionStatus, Rotation


def every(session: Session) -> list[tuple[Mission, list[Rotation]]]:
    """Return the missions on which people can be sent, each with its rotations."""
    missions = session.scalars(
        select(Mission).where(Mission.status != MissionStatus.CLOSED).order_by(Mission.name)
    ).all()
    rotations = select(Rotation).order_by(Rotation.starts_on.desc(), Rotation.name)
    found: dict[int, list[Rotation]] = {mission.id: [] for mission in missions}
    for rotation in session.scalars(rotations.where(Rotation.mission_id.in_(found))):
        found[rotation.mission_id].append(rotation)
    return [(mission, found[mission.id]) for mission in missions]


def chosen(session: Session, mission_id: int, rotation_id: int, name: str) -> dict[str, str]:
    """Return where a roster sends people. Raises `Invalid` for a closed mission."""
    mission = session.get(Mission, mission_id)
    if mission is None:
        raise NotFound("There is no such mission.")
    if mission.status is MissionStatus.CLOSED:
        raise Invalid("where", "This mission is closed. Nobody can be sent on it.")
    rotation = session.get(Rotation, rotation_id) if rotation_id else None
    if rotation_id and (rotation is None or rotation.mission_id != mission_id):
        raise Invalid("where", "There is no such rotation.")
    return {
        "mission": str(mission_id),
        "mission_name": mission.name,
        "rotation": str(rotation_id or ""),
        "rotation_name": rotation.name if rotation else name,
        "new_rotation": name,
    }
