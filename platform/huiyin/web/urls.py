"""Addresses of the pages."""

from django.contrib.auth import views as auth
from django.urls import path

from huiyin.web.pages import attachments, cases, follow, home, overdue, report, tasks

urlpatterns = [
    path("", home.home, name="home"),
    path(
        "sign-in/",
        auth.LoginView.as_view(template_name="web/sign_in.html", redirect_authenticated_user=True),
        name="sign_in",
    ),
    path("sign-out/", auth.LogoutView.as_view(next_page="home"), name="sign_out"),
    path("report/", report.choose_place, name="choose_place"),
    path("report/in/<str:place_id>/", report.choose_place, name="choose_place_in"),
    path("report/at/<str:place_id>/", report.report, name="report"),
    path("receipt/<str:case_id>/", report.receipt, name="receipt"),
    path("follow/", follow.look_up, name="look_up"),
    path("follow/<str:case_id>/", follow.follow, name="follow"),
    path("follow/<str:case_id>/answer/<str:task_id>/", follow.answer, name="follow_answer"),
    path("follow/<str:case_id>/withdraw/", follow.withdraw, name="follow_withdraw"),
    path("follow/<str:case_id>/contact/<str:contact_id>/", follow.confirm_contact, name="follow_contact"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<str:task_id>/", tasks.task, name="task"),
    path("tasks/<str:task_id>/progress/", tasks.progress, name="task_progress"),
    path("tasks/<str:task_id>/take/", tasks.take, name="task_take"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<str:case_id>/", cases.case, name="case"),
    path("cases/<str:case_id>/<str:name>/", cases.act, name="case_act"),
    path("definitions/<str:definition_id>.bpmn", cases.diagram, name="diagram"),
    path("files/<str:attachment_id>/", attachments.attachment, name="attachment"),
    path("files/<str:attachment_id>/<str:size>/", attachments.attachment, name="attachment_small"),
    path("overdue/", overdue.overdue, name="overdue"),
]
