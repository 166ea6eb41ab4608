"""One form, for the test of keys in forms: each act makes the next number."""

from itertools import count

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

numbers = count(1)


@csrf_exempt
def form(request: HttpRequest) -> HttpResponse:
    if request.POST["name"] == "again":
        return HttpResponse("shown again")
    return HttpResponseRedirect(f"/made/{next(numbers)}")


urlpatterns = [path("form", form)]
handler400 = "anlan.site.views.bad_request"
