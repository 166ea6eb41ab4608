"""Files over the web: every access is decided anew by row security; originals stay with officials and their uploader."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from anlan.files.actions import ORIGINALS, facts, may_have_original, store, take_document, take_photo
from anlan.files.kinds import LARGEST
from anlan.files.lending import borrowed
from anlan.files.models import File
from anlan.files.pictures import picture
from anlan.files.refusals import refuse
from anlan.files.serving import bytes_of, nothing_to_show
from anlan.identity.asking import actor_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound, Problem

KINDS = ("thumb", "display", "original")
DERIVED = "image/jpeg"
DOCUMENTS = (".pdf", ".docx", ".xlsx")


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """One file a request, as the picker sends it; answers {"id": …} or problem details."""
    try:
        file = _take(request, actor_of(request))
    except Problem as problem:
        answer = {"type": f"/problems/{problem.code}", "title": str(problem.default_message), "status": problem.status,
                  "code": problem.code, "detail": problem.detail}  # fmt: skip
        response: HttpResponse = JsonResponse(answer, status=problem.status, content_type="application/problem+json")
        response.problem = problem  # type: ignore[attr-defined]
        return response
    return JsonResponse({"id": str(file.pk), **facts(file)}, status=201)


def _take(request: HttpRequest, actor: Actor) -> File:
    sent: Any = request.FILES.get("file")
    if sent is None:
        raise Invalid(fields={"file": [_("Choose a file.")]})
    if sent.size > LARGEST:
        raise refuse("file.too_large", size=round(sent.size / 1e6, 1), limit=LARGEST // 10**6)
    take = take_document if sent.name.lower().endswith(DOCUMENTS) else take_photo
    return take(actor=actor, source=sent.read(), name=sent.name, media_type=sent.content_type or "")


@login_not_required
@require_GET
def lent(request: HttpRequest, token: str) -> HttpResponseBase:
    """A picture that was lent to a service outside, for as long as it is lent."""
    digest = borrowed(token)
    if digest not in store():
        raise NotFound
    response = bytes_of(request, digest, DERIVED)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
def stand_in(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """What stands where a photo was still being prepared: the picture, once there is one."""
    actor_of(request)
    file = File.objects.filter(pk=file_id).first()
    if file is None:
        raise NotFound
    words = {name: request.GET.get(name, "") for name in ("alt", "group", "caption")}
    shape = {name: request.GET.get(name) == "1" for name in ("plain", "small")}
    response = render(request, "files/_picture.html", shape | {"picture": picture(file.pk, file, **words)})
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def show(request: HttpRequest, file_id: UUID, kind: str) -> HttpResponseBase:
    actor = actor_of(request)
    file = File.objects.filter(pk=file_id).first()
    if file is None or kind not in KINDS:
        raise NotFound
    original = kind == "original" or file.kind == "document"
    if original and not may_have_original(actor, file):
        raise Forbidden(ORIGINALS, code="file.original")
    digest = file.sha256 if original else file.thumb_sha256 if kind == "thumb" else file.display_sha256
    if not digest or digest not in store():
        raise nothing_to_show(file)
    etag = f'"{digest}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    elif original:
        response = FileResponse(
            store().open(digest), as_attachment=True, filename=file.name or str(file.pk), content_type=file.media_type
        )
    else:
        response = bytes_of(request, digest, file.media_type if file.kind == "video" else DERIVED)
    response["ETag"] = etag
    # Asked anew each time: a right to see may end. The tag spares the bytes.
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
