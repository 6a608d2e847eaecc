"""附议: deputies who are asked to sign, and sign."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases import texts
from huiyin.cases.models import Case, Transcription
from huiyin.congress.querysets import SignatureQuerySet
from huiyin.core.models import BaseModel
from huiyin.directory.models import Person


class Signature(BaseModel):
    """
    One deputy's signature, from the invitation on.

    It is bound to the hash of the text that was signed and counts only while the text is that one: editing voids it.
    """

    class Status(models.TextChoices):
        INVITED = "invited", _("待签名")
        SIGNED = "signed", _("已签名")
        VOID = "void", _("已失效")
        DECLINED = "declined", _("已婉拒")
        WITHDRAWN = "withdrawn", _("已撤回")

    case = models.ForeignKey(Case, models.PROTECT, related_name="signatures")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="signatures")
    invited_at = models.DateTimeField()
    text_hash = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    agreed_withdrawal_at = models.DateTimeField(
        null=True, blank=True, help_text="Agrees that the mover takes the matter back."
    )

    transcription = models.ForeignKey(
        Transcription,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The sheet of paper that bears it, where an office entered it.",
    )

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "deputy"], name="a_deputy_is_asked_to_sign_once"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, text_hash="")
                | (Q(signed_at__isnull=False) & ~Q(text_hash="")),
                name="a_signature_is_bound_to_its_text",
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True) | Q(signed_at__isnull=True),
                name="who_declines_has_not_signed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(signed_at__isnull=False),
                name="only_what_was_signed_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(agreed_withdrawal_at__isnull=True)
                | Q(signed_at__isnull=False, withdrawn_at__isnull=True),
                name="only_signers_agree_to_a_withdrawal",
            ),
        ]

    def __str__(self) -> str:
        return f"signature of {self.deputy_id} on {self.case_id}"

    def status_under(self, text_hash: str) -> Status:
        """Where the signature stands while the text has this hash."""
        if self.declined_at is not None:
            return self.Status.DECLINED
        if self.withdrawn_at is not None:
            return self.Status.WITHDRAWN
        if self.signed_at is None:
            return self.Status.INVITED
        return self.Status.SIGNED if self.text_hash == text_hash else self.Status.VOID

    @property
    def status(self) -> Status:
        """Where the signature stands now; a list reads the hash once and asks `status_under`."""
        return self.status_under(texts.text_hash(self.case))
