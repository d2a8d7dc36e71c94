"""Where a person reports: the channels of the mission they are on or go to next."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from training.missions.services import Channel, conduct_channel

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


def test_a_mission_shows_its_own_channels_and_when_each_was_checked(
    make: Factory, session: Session
) -> None:
    home = make.organisation(conduct_inside="Confidant", gender_adviser="Adviser at home")
    person, checked = make.person(organisation=home), date(2026, 9, 1)
    mission = make.mission(
        name="Tarsa",
        conduct_inside="Focal point",
        conduct_outside="Inspector",
        conduct_checked_on=checked,
        referral="Clinic",
        gender_adviser="GENAD",
        adviser_checked_on=checked + DAY,
        hand_over="Duty officer",
        hand_over_checked_on=checked + 2 * DAY,
        action_plan="2026 to 2030",
        action_plan_checked_on=checked + 3 * DAY,
    )
    make.deployment(person, mission)
    shown = conduct_channel(session, person.id, TODAY)
    assert shown.mission == "Tarsa"
    assert shown.channels == (
        Channel("conduct_inside", "Focal point", checked),
        Channel("conduct_outside", "Inspector", checked),
        Channel("referral", "Clinic", None),
        Channel("gender_adviser", "GENAD", checked + DAY),
        Channel("hand_over", "Duty officer", checked + 2 * DAY),
        Channel("action_plan", "2026 to 2030", checked + 3 * DAY),
    )


def test_what_a_mission_does_not_name_is_that_of_ones_own_organisation(
    make: Factory, session: Session
) -> None:
    checked = TODAY - DAY
    home = make.organisation(
        conduct_inside="Confidant", referral="Duty desk", conduct_checked_on=checked
    )
    person = make.person(organisation=home)
    make.deployment(person, make.mission(name="Tarsa", conduct_outside="Inspector"))
    assert conduct_channel(session, person.id, TODAY).channels == (
        Channel("conduct_inside", "Conduct focal point of the mission", TODAY),
        Channel("conduct_outside", "Inspector", TODAY),
        Channel("referral", "Duty desk", checked, from_home=True),
    )


def test_without_a_mission_the_channels_of_ones_own_organisation_are_shown(
    make: Factory, session: Session
) -> None:
    make.organisation(conduct_inside="Somebody else's")
    home = make.organisation(conduct_inside="Confidant", conduct_outside="Ombudsman")
    person = make.person(organisation=home)
    shown = conduct_channel(session, person.id, TODAY)
    assert shown.mission is None
    assert shown.channels == (
        Channel("conduct_inside", "Confidant", None),
        Channel("conduct_outside", "Ombudsman", None),
    )


def test_a_deployment_does_not_end_before_it_begins(make: Factory) -> None:
    with pytest.raises(IntegrityError):
        make.deployment(make.person(), make.mission(), starts_on=TODAY, ends_on=TODAY - DAY)
