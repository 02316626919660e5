"""How the body of a form is read: within limits, files onto the disk, and typed fields never lost to a large photo.

Werkzeug's own reading gives up the whole form when one part is too long, and takes a broken body for an empty form.
"""

from collections.abc import Callable, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import FileStorage, Headers, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from webapp.rules.photos import MOST_BYTES

# A field of 10,000 emoji is 40 kB. All typed fields together stay below this, so that a form costs little memory.
MOST_TYPED_BYTES = 1024 * 1024
MOST_PARTS = 300
# Somebody who picks their whole album must still get an answer in words: past this, files are only counted.
MOST_FILES_KEPT = 20
IN_MEMORY_BYTES = 64 * 1024
READ_AT_ONCE_BYTES = 64 * 1024

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class CutFile:
    """A file as it arrives, kept up to one byte more than a photo may have: enough to tell that it is too big."""

    def __init__(self, most: int = MOST_BYTES + 1) -> None:
        spooled = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES, mode="w+b")  # noqa: SIM115 - Flask closes it.
        self.file = cast(IO[bytes], spooled)
        self.room = most

    def write(self, data: bytes) -> None:
        """Take in the next bytes, and drop those for which there is no room."""
        self.file.write(data[: self.room])
        self.room -= min(len(data), self.room)


class FormParser(FormDataParser):
    """Reads a form's body. Raises BadRequest for a broken one, RequestEntityTooLarge for too much typed text."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Parsed:
        """Return what is left of the body, the typed fields and the files."""
        read = READERS.get(mimetype)
        if read is None:
            return stream, self.cls(), self.cls()
        try:
            fields, files = read(stream, options or {})
        except ValueError as error:
            raise BadRequest("The form did not arrive whole.") from error
        return stream, self.cls(fields), self.cls(files)


Fields = list[tuple[str, str]]
Files = list[tuple[str, FileStorage]]


def _read_parts(stream: IO[bytes], options: Mapping[str, str]) -> tuple[Fields, Files]:
    boundary = options.get("boundary", "").encode("ascii")
    if not boundary:
        raise ValueError("no boundary")
    parts = _Parts()
    decoder = MultipartDecoder(boundary, max_form_memory_size=MOST_TYPED_BYTES, max_parts=MOST_PARTS)
    try:
        while not parts.is_over:
            decoder.receive_data(stream.read(READ_AT_ONCE_BYTES) or None)
            while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
                parts.take(event)
            parts.is_over = isinstance(event, Epilogue)
    except BaseException:
        parts.close()
        raise
    return parts.fields, parts.files


class _Parts:
    """The parts of a body as they come by."""

    def __init__(self) -> None:
        self.fields: Fields = []
        self.files: Files = []
        self.is_over = False
        self._typed_bytes = 0
        self._pieces: list[bytes] = []
        self._file: CutFile | None = None
        self._name = ""

    def take(self, event: object) -> None:
        """Take in the beginning of a part or some of its bytes."""
        if isinstance(event, File):
            self._begin(event.name)
            self._begin_file(event.filename, event.headers)
        elif isinstance(event, Field):
            self._begin(event.name)
        elif isinstance(event, Data):
            self._go_on(event)

    def _begin(self, name: str | None) -> None:
        if not name:
            raise ValueError("a part without a name")
        self._name, self._file, self._pieces = name, None, []

    def _begin_file(self, file_name: str, headers: Headers) -> None:
        self._file = CutFile() if len(self.files) < MOST_FILES_KEPT else CutFile(most=1)
        stored = FileStorage(self._file.file, file_name, self._name, headers=headers)
        self.files.append((self._name, stored))

    def _go_on(self, event: Data) -> None:
        if self._file is not None:
            self._file.write(event.data)
            if not event.more_data:
                self._file.file.seek(0)
            return
        self._typed_bytes += len(event.data)
        if self._typed_bytes > MOST_TYPED_BYTES:
            raise RequestEntityTooLarge
        self._pieces.append(event.data)
        if not event.more_data:
            self.fields.append((self._name, b"".join(self._pieces).decode("utf-8", "replace")))

    def close(self) -> None:
        """Let go of all files."""
        for _, file in self.files:
            file.close()


def _read_plain(stream: IO[bytes], options: Mapping[str, str]) -> tuple[Fields, Files]:
    body = stream.read(MOST_TYPED_BYTES + 1)
    if len(body) > MOST_TYPED_BYTES:
        raise RequestEntityTooLarge
    pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_PARTS)
    return pairs, []


READERS: dict[str, Callable[[IO[bytes], Mapping[str, str]], tuple[Fields, Files]]] = {
    "multipart/form-data": _read_parts,
    "application/x-www-form-urlencoded": _read_plain,
}


class FormRequest(Request):
    """Flask's request with our way of reading forms."""

    def make_form_data_parser(self) -> Any:
        """Return the parser of this request's body."""
        return FormParser(cls=self.parameter_storage_class)
