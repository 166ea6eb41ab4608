from django.urls import path

from anlan.experts.pages import experts, officers

app_name = "experts"
urlpatterns = [
    path("", experts.experts, name="experts"),
    path("export/", experts.experts, name="experts-export"),
    path("new/", experts.add, name="add"),
    path("groups/", experts.groups, name="groups"),
    path("groups/new/", experts.group, name="add-group"),
    path("groups/<uuid:group_id>/", experts.group, name="group"),
    path("certificates/", officers.certificates, name="certificates"),
    path("certificates/export/", officers.certificates, name="certificates-export"),
    path("certificates/new/", officers.add_certificate, name="add-certificate"),
    path("certificates/<uuid:certificate_id>/end/", officers.end_certificate, name="end-certificate"),
    path("avoidances/", officers.avoidances, name="avoidances"),
    path("avoidances/export/", officers.avoidances, name="avoidances-export"),
    path("avoidances/new/", officers.declare_avoidance, name="declare-avoidance"),
    path("avoidances/<uuid:avoidance_id>/end/", officers.end_avoidance, name="end-avoidance"),
    path("absences/<uuid:absence_id>/over/", experts.absence_over, name="absence-over"),
    path("pick/<slug:kind>/", experts.pick, name="pick"),
    path("<uuid:expert_id>/", experts.expert, name="expert"),
    path("<uuid:expert_id>/edit/", experts.edit, name="edit"),
    path("<uuid:expert_id>/absence/", experts.absence, name="absence"),
]
