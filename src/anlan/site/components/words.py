"""Words the scripts speak, translated by the same catalogue as the pages."""

from django.utils.translation import gettext as _


def script_words() -> dict[str, str]:
    """`{n}` and the like are filled in by the scripts."""
    return {
        "close": _("Close"),
        "previous": _("Previous"),
        "next": _("Next"),
        "loading": _("Loading…"),
        "offline": _("The server cannot be reached. What you typed is kept; try again when the network is back."),
        "timeout": _("The server took too long to answer. Nothing was lost; please try again."),
        "draft_restored": _("Your draft of {time} was put back."),
        "draft_discard": _("Discard draft"),
        "draft_saved": _("Draft kept on this device at {time}"),
        "selected": _("{n} selected"),
        "uploading": _("Uploading {percent}%"),
        "uploaded": _("Uploaded"),
        "retry": _("Try again"),
        "remove": _("Remove"),
        "too_large": _("This photo is larger than {mb} MB."),
        "not_a_photo": _("This is not a photo."),
        "not_a_document": _("Only PDF, .docx, .xlsx and photos are taken."),
        "too_many": _("At most {n} photos."),
        "photo_failed": _("The photo was not uploaded."),
        "wait_for_photos": _("Some photos are still being uploaded."),
        "photos_with_errors": _("A photo was not uploaded. Try it again or remove it."),
        "signature_missing": _("Please sign in the box."),
        "no_position": _("The device gives no position. Describe the place in words."),
        "hours_left": _("{h} h {m} min left"),
        "hours_over": _("{h} h {m} min overdue"),
    }
