"""Where services outside speak to the platform. Each proves by its signature who it is; nobody signs in here."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from anlan.channels import push
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def wechat(request: HttpRequest) -> HttpResponse:
    """WeChat's event push: its greeting when an operator enters the address, then events."""
    asked = request.GET.dict()
    if request.method == "GET":
        return HttpResponse(push.greeting(asked), content_type="text/plain; charset=utf-8")
    event = push.opened(asked, request.body)
    with scope.acting(SYSTEM):
        push.hear(event)
    return HttpResponse("success", content_type="text/plain; charset=utf-8")
