"""Addresses of the API."""

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from api.acts import AssignmentViewSet, ContactViewSet
from api.ballots import BallotViewSet
from api.cases import CaseViewSet
from api.clocks import ClockViewSet
from api.commitments import CommitmentViewSet
from api.consultations import ConsultationViewSet
from api.definitions import DefinitionViewSet
from api.files import FileViewSet
from api.history import HistoryViewSet
from api.key_cases import KeyCaseViewSet
from api.notes import ContactRecordViewSet, NoteViewSet, ProgressViewSet
from api.places import PlaceViewSet
from api.problems import NoSuchAddress
from api.schema import SchemaView
from api.sessions import SessionViewSet
from api.tasks import TaskViewSet
from api.tokens import TokenView
from api.units import UnitViewSet

_ID = "[0-9a-z]{1,40}"

router = SimpleRouter()
router.register("cases", CaseViewSet, basename="case")
router.register("tasks", TaskViewSet, basename="task")
router.register("files", FileViewSet, basename="file")
router.register("definitions", DefinitionViewSet, basename="definition")
router.register("places", PlaceViewSet, basename="place")
router.register("sessions", SessionViewSet, basename="session")
router.register("ballots", BallotViewSet, basename="ballot")
router.register("commitments", CommitmentViewSet, basename="commitment")
router.register("key-cases", KeyCaseViewSet, basename="key-case")
router.register("consultations", ConsultationViewSet, basename="consultation")
router.register("assignments", AssignmentViewSet, basename="assignment")
router.register("contacts", ContactViewSet, basename="contact")
router.register("clocks", ClockViewSet, basename="clock")
router.register("units", UnitViewSet, basename="unit")

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    re_path(rf"^cases/(?P<id>{_ID})/history/$", HistoryViewSet.as_view({"get": "list"}), name="case-history"),
    re_path(rf"^cases/(?P<case_id>{_ID})/notes/$", NoteViewSet.as_view({"get": "list"}), name="case-notes"),
    re_path(
        rf"^tasks/(?P<id>{_ID})/progress/$", ProgressViewSet.as_view({"post": "create"}), name="task-progress"
    ),
    re_path(
        rf"^tasks/(?P<id>{_ID})/contacts/$",
        ContactRecordViewSet.as_view({"post": "create"}),
        name="task-contacts",
    ),
    path("token/", TokenView.as_view(), name="token"),
    path("schema/", SchemaView.as_view(), name="schema"),
    re_path("^", NoSuchAddress.as_view()),
]
