"""Tables of the congress."""

from huiyin.congress.models.ballots import Ballot, BallotCandidate, RollEntry, SealedVote, Vote
from huiyin.congress.models.commitments import Commitment
from huiyin.congress.models.importing import ImportRow, SuggestionImport
from huiyin.congress.models.key_cases import KeyCase
from huiyin.congress.models.letters import LetterTemplate
from huiyin.congress.models.links import CasePair, Source
from huiyin.congress.models.sessions import Collection, Registration, Series, Session
from huiyin.congress.models.signatures import Signature

__all__ = [
    "Ballot",
    "BallotCandidate",
    "CasePair",
    "Collection",
    "Commitment",
    "ImportRow",
    "KeyCase",
    "LetterTemplate",
    "Registration",
    "RollEntry",
    "SealedVote",
    "Series",
    "Session",
    "Signature",
    "Source",
    "SuggestionImport",
    "Vote",
]
