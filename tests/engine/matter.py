"""The shape of the real diagram: screening, handling by one or several, rating, rework."""

from __future__ import annotations

from huiyin.engine import Table
from tests.engine.drawing import boundary, bpmn, dmn, end, flow, fork, script, start, sub, table, user, xor

RATING = dmn(
    [
        (["null", "null", "-"], ['"unrated"']),
        (['"bad"', "-", "-"], ['"redo"']),
        (["-", '"bad"', "-"], ['"redo"']),
        (["-", "-", "-"], ['"satisfied"']),
    ],
    inputs=["citizen", "deputy", "round"],
    outputs=["verdict"],
    policy="FIRST",
)

CO_HANDLING = sub(
    "co_handling",
    start("co_start"),
    user("sign"),
    xor("objected", "objected_work"),
    user("ruling"),
    xor("ruled", "ruled_sign"),
    user("work"),
    end("co_end", None),
    flow("co_start > sign > objected > work > co_end"),
    flow("objected > ruling", "objects"),
    flow("ruling > ruled > sign"),
    flow("ruled > work", "upheld == False"),
    over="assignments",
)

HANDLING = sub(
    "handling",
    start("h_start"),
    xor("route", "route_station_answer"),
    user("deputy_answer"),
    user("station_answer"),
    CO_HANDLING,
    xor("handled"),
    user("reply"),
    end("h_end", None),
    flow("h_start > route"),
    flow("route > deputy_answer", 'route == "deputy"'),
    flow("route > co_handling", 'route == "units"'),
    flow("route > station_answer > handled"),
    flow("deputy_answer > handled"),
    flow("co_handling > handled > reply > h_end"),
)

RATING_SUB = sub(
    "rating",
    start("r_start"),
    fork("r_fork"),
    user("citizen_rate"),
    xor("deputy_known", "deputy_known_r_merge"),
    user("deputy_rate"),
    xor("r_merge"),
    fork("r_join"),
    end("r_end", None),
    flow("r_start > r_fork > citizen_rate > r_join > r_end"),
    flow("r_fork > deputy_known > r_merge > r_join"),
    flow("deputy_known > deputy_rate", "has_deputy"),
    flow("deputy_rate > r_merge"),
)

MATTER = bpmn(
    start(),
    user("screen"),
    xor("accepted", "accepted_dispatch"),
    end("declined", "declined"),
    user("dispatch"),
    HANDLING,
    RATING_SUB,
    table("decision", "rating"),
    xor("verdict_known", "verdict_known_satisfied"),
    user("satisfied"),
    user("unrated"),
    user("study"),
    xor("again", "again_conference"),
    script("next_round", "round = round + 1\ncitizen = None\ndeputy = None"),
    user("conference"),
    end("answered"),
    end("unanswered", "unrated"),
    end("held", "answered"),
    boundary("withdraw_screen", "screen", "withdraw"),
    boundary("withdraw_dispatch", "dispatch", "withdraw"),
    boundary("withdraw_handling", "handling", "withdraw"),
    end("withdrawn_1", "withdrawn", terminate=True),
    end("withdrawn_2", "withdrawn", terminate=True),
    end("withdrawn_3", "withdrawn", terminate=True),
    flow("withdraw_screen > withdrawn_1"),
    flow("withdraw_dispatch > withdrawn_2"),
    flow("withdraw_handling > withdrawn_3"),
    boundary("rating_expired", "rating", "rate.expired"),
    boundary("satisfied_expired", "satisfied", "reopen.expired"),
    boundary("unrated_expired", "unrated", "reopen.expired"),
    flow("start > screen > accepted > dispatch > handling > rating > decision > verdict_known > satisfied"),
    flow("accepted > declined", "accept == False"),
    flow("rating_expired > decision"),
    flow("satisfied_expired > answered"),
    flow("satisfied > study"),
    flow("verdict_known > unrated", 'verdict == "unrated"'),
    flow("unrated_expired > unanswered"),
    flow("unrated > decision"),
    flow("verdict_known > study", 'verdict == "redo"'),
    flow("study > again > conference > held"),
    flow("again > next_round", "round < 3"),
    flow("next_round > handling"),
    messages=("withdraw", "rate.expired", "reopen.expired"),
)

TABLES = {"rating": Table.parse(RATING)}
