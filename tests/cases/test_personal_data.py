"""What was marked sensitive stands encrypted in two columns and nowhere else."""

from __future__ import annotations

from django.db import connection

from huiyin.cases.models import CaseState
from tests.cases.conftest import PHONE

SEALED = {"directory_person", "cases_casetext"}


def test_the_telephone_is_in_no_table_as_text(play):
    play.answer()
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                [f"%{PHONE}%", f"%{PHONE.encode().hex()}%"],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    assert found == []


def test_the_engine_never_sees_it(play):
    import zstandard

    state = bytes(CaseState.objects.get(case=play.case).state)
    plain = zstandard.ZstdDecompressor().decompress(state[state.index(b"\x28\xb5\x2f\xfd") :])
    assert PHONE.encode() not in plain
    assert "周全".encode() not in plain


def test_those_who_call_back_can_read_it(play):
    play.case.text.refresh_from_db()
    assert play.case.text.sealed["phone"] == PHONE
