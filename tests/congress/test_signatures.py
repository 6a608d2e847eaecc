"""附议: a signature stands for one text, and enough of them must stand."""

import pytest
from django.db import IntegrityError, transaction

from huiyin.cases import texts
from huiyin.cases.models import Case, CaseText, Fact
from huiyin.cases.services import marks
from huiyin.congress import errors, selectors, services
from huiyin.congress.models import Signature
from huiyin.directory.models import Person, Post, Term
from huiyin.directory.roles import Role
from huiyin.notices.models import Notice
from tests.congress.conftest import NOW, told

CONFIRMED = {"confirmed": True}


def invite(congress, case, *numbers):
    people = [congress.deputies[n] for n in numbers]
    mover = congress.actor(congress.deputies[0])
    return services.invite_cosigners(case=case, people=people, by=mover, now=NOW)


def sign(congress, case, *numbers):
    for n in numbers:
        services.sign(
            case=case, by=congress.actor(congress.deputies[n]), now=NOW, seen_hash=texts.text_hash(case)
        )


def edit(case):
    CaseText.objects.filter(case=case).update(words="改过的案由与建议。")


def statuses(case):
    return [one.status.value for one in selectors.signatures_of(case)]


def test_the_mover_invites_and_the_deputies_are_told(congress):
    case = congress.case("bill")
    invite(congress, case, 1, 2)
    assert statuses(case) == ["invited", "invited"]
    assert told(case)[-1] == "某人邀请 2 名代表附议"
    assert {one.person for one in Notice.objects.filter(kind="cosign_invited")} == set(congress.deputies[1:3])
    waiting = selectors.invitations_for(congress.actor(congress.deputies[1]))
    assert [(one.signature.case, one.text_hash) for one in waiting] == [(case, texts.text_hash(case))]
    assert selectors.invitations_for(congress.actor(congress.deputies[3])) == []


def test_the_form_invites_too(congress):
    case = congress.case("bill")
    congress.record(case, "invitations", [congress.deputies[1].public_id])
    assert statuses(case) == ["invited"]
    with pytest.raises(errors.InvitedAlready):
        congress.record(case, "invitations", [congress.deputies[1].public_id])


def test_only_the_mover_invites(congress):
    with pytest.raises(errors.OnlyTheMover):
        services.invite_cosigners(
            case=congress.case("bill"),
            people=[congress.deputies[2]],
            by=congress.actor(congress.deputies[1]),
            now=NOW,
        )


def test_village_deputies_other_congresses_and_the_mover_are_not_invited(congress):
    case, town = congress.case("bill"), congress.town.place.parent
    other = Term.objects.create(
        jurisdiction=congress.town.jurisdiction, place=town, number=8, from_on="2022-01-01"
    )
    people = {}
    for name, role, term in (("村民代表", Role.VILLAGE_DEPUTY, None), ("镇代表", Role.DEPUTY, other)):
        people[name] = Person.objects.create(jurisdiction=congress.town.jurisdiction, name=name)
        Post.objects.create(person=people[name], role=role, place=town, term=term, from_on="2022-01-01")
    for wrong in (*people.values(), congress.deputies[0]):
        with pytest.raises(errors.NotADeputyHere):
            congress.record(case, "invitations", [congress.deputies[1].public_id, wrong.public_id])
    assert not Signature.objects.exists()


def test_where_posts_name_no_term_the_deputies_under_the_place_are_meant(congress):
    Post.objects.update(term=None)
    found = selectors.deputies_of_congress(congress.county, NOW.date())
    assert set(congress.deputies) <= set(found)
    assert not selectors.deputies_of_congress(congress.town.place, NOW.date()).exists()


def test_who_is_invited_sees_the_matter_until_it_is_declined(congress):
    case, actor = congress.case("bill"), congress.actor(congress.deputies[1])
    assert not Case.objects.visible_to(actor).filter(pk=case.pk).exists()
    invite(congress, case, 1)
    assert Case.objects.visible_to(actor).filter(pk=case.pk).exists()
    services.decline(case=case, by=actor, now=NOW)
    assert not Case.objects.visible_to(actor).filter(pk=case.pk).exists()
    assert Signature.objects.visible_to(actor).count() == 1


def test_a_deputy_signs_the_text_that_was_read(congress):
    case = congress.case("bill")
    invite(congress, case, 1)
    sign(congress, case, 1)
    assert statuses(case) == ["signed"]
    assert selectors.proposers(case, NOW.date()) == (2, 10)
    assert Notice.objects.filter(kind="cosigned", person=congress.deputies[0]).count() == 1
    with pytest.raises(errors.SignedAlready):
        sign(congress, case, 1)


def test_a_text_that_changed_meanwhile_is_not_signed(congress):
    case = congress.case("bill")
    invite(congress, case, 1)
    seen = texts.text_hash(case)
    edit(case)
    with pytest.raises(errors.TextChanged):
        services.sign(case=case, by=congress.actor(congress.deputies[1]), now=NOW, seen_hash=seen)


def test_who_was_not_invited_does_not_sign(congress):
    with pytest.raises(errors.NotACosigner):
        sign(congress, congress.case("bill"), 1)


def test_editing_the_text_voids_signatures_until_they_are_given_again(congress):
    case = congress.case("bill")
    invite(congress, case, 1, 2)
    sign(congress, case, 1, 2)
    edit(case)
    assert statuses(case) == ["void", "void"]
    assert Signature.objects.first().status.label == "已失效"
    assert selectors.proposers(case, NOW.date())[0] == 1
    assert len(selectors.invitations_for(congress.actor(congress.deputies[1]))) == 1
    sign(congress, case, 1)
    assert statuses(case) == ["signed", "void"]


def test_an_invitation_is_declined_and_a_signature_is_not(congress):
    case, actor = congress.case("bill"), congress.actor(congress.deputies[1])
    invite(congress, case, 1, 2)
    services.decline(case=case, by=actor, now=NOW)
    assert statuses(case) == ["declined", "invited"]
    assert selectors.invitations_for(actor) == []
    sign(congress, case, 1, 2)
    assert statuses(case) == ["signed", "signed"]
    with pytest.raises(errors.SignedAlready):
        services.decline(case=case, by=actor, now=NOW)


@pytest.mark.parametrize(
    ("level", "signers", "enough"),
    [("county", 8, False), ("county", 9, True), ("town", 3, False), ("town", 4, True)],
)
def test_a_bill_needs_ten_proposers_in_a_county_and_five_in_a_town_with_the_mover(
    congress, level, signers, enough
):
    type(congress.county).objects.filter(pk=congress.county.pk).update(level=level)
    case = congress.case("bill")
    invite(congress, case, *range(1, signers + 1))
    sign(congress, case, *range(1, signers + 1))
    if not enough:
        with pytest.raises(errors.TooFewSigners) as refused:
            congress.record(case, "signatures", CONFIRMED)
        assert refused.value.facts == {"have": signers + 1, "need": signers + 2}
        assert not Fact.objects.filter(case=case, name="submitted_on").exists()
    else:
        congress.record(case, "signatures", CONFIRMED)
        assert Fact.objects.get(case=case, name="submitted_on").on == NOW.date()
        assert told(case)[-1] == f"某人提交，{signers + 1} 名代表联名"


def test_a_suggestion_needs_its_mover_alone(congress):
    case = congress.case()
    congress.record(case, "signatures", CONFIRMED)
    assert told(case)[-1] == "某人提交"


def joint_bill(congress):
    case = congress.case("bill")
    invite(congress, case, *range(1, 11))
    sign(congress, case, *range(1, 11))
    congress.record(case, "signatures", CONFIRMED)
    return case


def listening(monkeypatch, awaited=True):
    """A process that waits, or does not, for the message; the diagrams of bills prove the rest."""
    sent = []
    monkeypatch.setattr(marks, "awaits", lambda case, message: awaited and message == "signatures.short")
    monkeypatch.setattr(marks, "send_message", lambda act, message, task=None: sent.append(message))
    return sent


def test_a_withdrawal_below_the_threshold_tells_the_process(congress, monkeypatch):
    case, sent = joint_bill(congress), listening(monkeypatch)
    services.withdraw_signature(case=case, by=congress.actor(congress.deputies[1]), now=NOW)
    assert (sent, selectors.proposers(case, NOW.date())[0]) == ([], 10)
    services.withdraw_signature(case=case, by=congress.actor(congress.deputies[2]), now=NOW)
    assert sent == ["signatures.short"]
    assert told(case)[-1] == "联名人数降至 9 人，不足 10 人"
    with pytest.raises(errors.NotSigned):
        services.withdraw_signature(case=case, by=congress.actor(congress.deputies[2]), now=NOW)


def test_before_the_submission_nobody_is_told(congress, monkeypatch):
    case, sent = congress.case("bill"), listening(monkeypatch)
    invite(congress, case, 1)
    sign(congress, case, 1)
    services.withdraw_signature(case=case, by=congress.actor(congress.deputies[1]), now=NOW)
    assert sent == []
    assert statuses(case) == ["withdrawn"]


def test_a_process_that_does_not_wait_is_left_alone(congress, monkeypatch):
    case, sent = joint_bill(congress), listening(monkeypatch, awaited=False)
    for n in (1, 2):
        services.withdraw_signature(case=case, by=congress.actor(congress.deputies[n]), now=NOW)
    assert sent == []


def test_with_the_number_the_circle_is_closed(congress):
    case = congress.case()
    invite(congress, case, 1, 2)
    sign(congress, case, 1)
    congress.record(case, "signatures", {"confirmed": True})
    congress.register(case)
    case.refresh_from_db()
    with pytest.raises(errors.SigningOver):
        invite(congress, case, 3)
    with pytest.raises(errors.SigningOver):
        sign(congress, case, 2)
    assert selectors.invitations_for(congress.actor(congress.deputies[2])) == []


def test_a_joint_matter_is_withdrawn_only_when_all_signers_agree(congress):
    from huiyin.cases import services as cases

    case, mover = congress.case(), congress.actor(congress.deputies[0])
    invite(congress, case, 1, 2, 3)
    sign(congress, case, 1, 2)
    services.agree_to_withdraw(case=case, by=congress.actor(congress.deputies[1]), now=NOW)
    with pytest.raises(errors.SignersDisagree) as refused:
        cases.withdraw_case(case=case, reason="已另行解决", by=mover, now=NOW)
    assert refused.value.facts == {"missing": 1}
    services.agree_to_withdraw(case=case, by=congress.actor(congress.deputies[2]), now=NOW)
    cases.withdraw_case(case=case, reason="已另行解决", by=mover, now=NOW)
    assert Case.objects.get(pk=case.pk).outcome == "withdrawn"


def test_only_who_signed_agrees(congress):
    case = congress.case()
    invite(congress, case, 1)
    for n, refusal in ((1, errors.NotSigned), (2, errors.NotACosigner)):
        with pytest.raises(refusal):
            services.agree_to_withdraw(case=case, by=congress.actor(congress.deputies[n]), now=NOW)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"signed_at": NOW}, "a_signature_is_bound_to_its_text"),
        ({"text_hash": "x", "signed_at": NOW, "declined_at": NOW}, "who_declines_has_not_signed"),
        ({"withdrawn_at": NOW}, "only_what_was_signed_is_withdrawn"),
        ({"agreed_withdrawal_at": NOW}, "only_signers_agree_to_a_withdrawal"),
    ],
)
def test_the_database_refuses_what_cannot_be(congress, wrong, name):
    case = congress.case()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Signature.objects.create(case=case, deputy=congress.deputies[1], invited_at=NOW, **wrong)


def test_a_numbered_bill_that_falls_short_may_be_signed_again(congress):
    case = congress.case("bill")
    congress.register(case)
    invite(congress, case, 1)
    sign(congress, case, 1)
    assert selectors.proposers(case, NOW.date())[0] == 2
