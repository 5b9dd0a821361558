"""Files that are uploaded go to disk as they come, into the home folder, and no further than the limit."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

TOO_BIG = "fairdue.too-big"  # in `request.META` of a request with a file beyond the limit


class FileAtHome(TemporaryUploadedFile):
    """A file that grows in the home folder, so that keeping it is a change of its name; gone if nobody keeps it."""

    def __init__(self, name: str | None, content_type: str | None, charset: str | None, extra: Any) -> None:
        folder = Path(settings.UPLOAD_FOLDER)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115 - closed with the request
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Every file on disk, whatever its size; beyond the limit it is dropped and the request marked."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = FileAtHome(self.file_name, self.content_type, self.charset, self.content_type_extra)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece of it."""
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_LIMIT:
            if self.request is not None:
                self.request.META[TOO_BIG] = True
            raise StopUpload(connection_reset=False)  # the rest is read past, so that the answer is seen
        super().receive_data_chunk(raw_data, start)


def too_big(request: HttpRequest) -> bool:
    """Whether a file of this request was beyond the limit. Reads the form first, as that is when it shows."""
    return not request.FILES and bool(request.META.get(TOO_BIG))
