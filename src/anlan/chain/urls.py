from django.urls import path

from anlan.chain.pages import cards, checker, duties, matrix, usual

app_name = "chain"
urlpatterns = [
    path("", matrix.matrix, name="matrix"),
    path("cells/<int:region>/<slug:column>/", matrix.cell, name="cell"),
    path("duties/", duties.listing, name="duties"),
    path("duties/new/", duties.give, name="give"),
    path("duties/usual/", usual.usual, name="usual"),
    path("duties/export/", duties.export, name="export"),
    path("duties/hand-over/", duties.hand_over, name="hand-over"),
    path("duties/<uuid:duty_id>/change/", duties.change, name="change"),
    path("duties/<uuid:duty_id>/end/", duties.end, name="end"),
    path("pick/<slug:kind>/", duties.pick, name="pick"),
    path("check/", checker.checker, name="checker"),
    path("check/<slug:name>/", checker.firms, name="firms"),
    path("coverage/", checker.coverage, name="coverage"),
    path("cards/", cards.own, name="cards"),
    path("cards/<uuid:card_id>/", cards.card, name="card"),
    path("cards/<uuid:card_id>/change/", cards.change, name="change-card"),
    path("cards/<uuid:card_id>/acknowledge/", cards.acknowledge, name="acknowledge"),
    path("cards/<uuid:card_id>/end/", cards.end, name="end-card"),
    path("enterprises/<uuid:enterprise_id>/cards/", cards.listing, name="enterprise-cards"),
    path("enterprises/<uuid:enterprise_id>/cards/new/", cards.add, name="add-card"),
    path("enterprises/<uuid:enterprise_id>/cards/draw-up/", cards.draw_up, name="draw-up"),
    path("enterprises/<uuid:enterprise_id>/points/", cards.pick_points, name="pick-points"),
    path("enterprises/<uuid:enterprise_id>/cards/print/", cards.printing, name="print-cards"),
]
