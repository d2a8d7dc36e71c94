"""Where a person reports: the channels of the mission they are on or go to next."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from training.missions.services import conduct_channel

DAY = timedelta(days=1)


CASES: list[tuple[list[tuple[str, int, int]], str | None]] = [
    ([], None),
    ([("past", -90, -1)], None),
    ([("present", -90, 0)], "present"),
    ([("present", 0, 0)], "present"),
    ([("next", 1, 90)], "next"),
    ([("later", 100, 200), ("next", 1, 90)], "next"),
    ([("next", 1, 90), ("present", -90, 0)], "present"),
    ([("past", -90, -1), ("next", 30, 90)], "next"),
    ([("handover", -2, 5), ("present", -200, 10)], "present"),
]


def test_the_present_or_else_the_next_mission_is_shown(make: Factory, session: Session) -> None:
    names = ("past", "present", "next", "later", "handover")
    missions = {name: make.mission(name=name) for name in names}
    make.deployment(make.person(), make.mission(), starts_on=TODAY, ends_on=TODAY)
    for deployments, expected in CASES:
        person = make.person()
        for name, first, last in deployments:
            days = {"starts_on": TODAY + first * DAY, "ends_on": TODAY + last * DAY}
            make.deployment(person, missions[name], **days)
        assert conduct_channel(session, person.id, TODAY).mission == expected, deployments


def test_a_mission_shows_its_own_channels_and_when_they_were_checked(
    make: Factory, session: Session
) -> None:
    person = make.person()
    checked = date(2026, 9, 1)
    mission = make.mission(
        name="Tarsa",
        conduct_inside="Focal point",
        conduct_outside="Inspector",
        referral="Clinic",
        gender_adviser="GENAD",
        conduct_checked_on=checked,
    )
    make.deployment(person, mission)
    channel = conduct_channel(session, person.id, TODAY)
    assert (channel.mission, channel.inside, channel.outside) == (
        "Tarsa",
        "Focal point",
        "Inspector",
    )
    assert (channel.referral, channel.adviser, channel.checked_on) == ("Clinic", "GENAD", checked)


def test_without_a_mission_the_channels_of_ones_own_organisation_are_shown(
    make: Factory, session: Session
) -> None:
    make.organisation(conduct_inside="Somebody else's")
    home = make.organisation(conduct_inside="Confidant", conduct_outside="Ombudsman")
    person = make.person(organisation=home)
    channel = conduct_channel(session, person.id, TODAY)
    assert (channel.mission, channel.inside, channel.outside) == (None, "Confidant", "Ombudsman")
    assert channel.checked_on is None


def test_a_deployment_does_not_end_before_it_begins(make: Factory) -> None:
    with pytest.raises(IntegrityError):
        make.deployment(make.person(), make.mission(), starts_on=TODAY, ends_on=TODAY - DAY)
