"""How the body of a form is read: within limits, files onto the disk, and typed fields never lost to a large photo.

Werkzeug's own reading gives up the whole form when one part is too long, takes a broken body for an empty form, and
needs four times as long as the `multipart` package.
"""

from collections.abc import Callable, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import parse_qsl

from flask import Request
from multipart import MultipartSegment, ParserLimitReached, PushMultipartParser
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.formparser import FormDataParser

from webapp.rules.photos import MOST_BYTES

# A field of 10,000 emoji is 40 kB. All typed fields together stay below this, so that a form costs little memory.
MOST_TYPED_BYTES = 1024 * 1024
MOST_PARTS = 300
# A long walk at a desk: 60 people, 60 streets and 60 residents in rows, each of them a field to a column.
MOST_FIELDS = 2000
# Somebody who picks their whole album must still get an answer in words: past this, files are only counted.
MOST_FILES_KEPT = 20
# A phone's whole outbox, photos and all, that an officer brings in.
TAKE_LARGE_FILES = frozenset({"rescue.bring_in"})
LARGE_FILE_BYTES = 64 * 1024 * 1024
IN_MEMORY_BYTES = 64 * 1024
READ_AT_ONCE_BYTES = 64 * 1024

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class CutFile:
    """A file as it arrives, kept up to `most` bytes."""

    def __init__(self, most: int) -> None:
        spooled = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES, mode="w+b")  # noqa: SIM115 - Flask closes it.
        self.file = cast(IO[bytes], spooled)
        self.room = most

    def write(self, data: bytes) -> None:
        """Take in the next bytes, and drop those for which there is no room."""
        self.file.write(data[: self.room])
        self.room -= min(len(data), self.room)


class FormParser(FormDataParser):
    """Reads a form's body. Raises BadRequest for a broken one, RequestEntityTooLarge for too much typed text."""

    # One byte more than a photo may have: enough to tell that it is too big.
    most_file_bytes = MOST_BYTES + 1

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
            fields, files = read(stream, options or {}, self.most_file_bytes)
        except ValueError as error:
            raise BadRequest("The form did not arrive whole.") from error
        return stream, self.cls(fields), self.cls(files)


Fields = list[tuple[str, str]]
Files = list[tuple[str, FileStorage]]


def _read_parts(stream: IO[bytes], options: Mapping[str, str], most_file_bytes: int) -> tuple[Fields, Files]:
    boundary = options.get("boundary", "").encode("ascii")
    parts = _Parts(boundary, most_file_bytes)
    parser = PushMultipartParser(boundary, max_segment_count=MOST_PARTS)
    try:
        for event in parser.parse_blocking(stream.read, READ_AT_ONCE_BYTES):
            parts.take(event)
    except ParserLimitReached as error:
        parts.close()
        raise RequestEntityTooLarge from error
    except BaseException:
        parts.close()
        raise
    return parts.fields, parts.files


class _Parts:
    """The parts of a body as they come by."""

    def __init__(self, boundary: bytes, most_file_bytes: int) -> None:
        self.boundary = boundary
        self.most_file_bytes = most_file_bytes
        self.fields: Fields = []
        self.files: Files = []
        self._typed_bytes = 0
        self._pieces: list[bytes] = []
        self._file: CutFile | None = None
        self._name = ""

    def take(self, event: MultipartSegment | bytes | None) -> None:
        """Take in the beginning of a part, some of its bytes, or its end."""
        if event is None:
            self._end()
        elif isinstance(event, bytes):
            self._go_on(event)
        else:
            self._begin(event)

    def _begin(self, part: MultipartSegment) -> None:
        if not part.name:
            raise ValueError("a part without a name")
        self._name, self._file, self._pieces = part.name, None, []
        if part.filename is not None:
            self._file = CutFile(self.most_file_bytes if len(self.files) < MOST_FILES_KEPT else 1)
            self.files.append(
                (part.name, FileStorage(self._file.file, part.filename, content_type=part.content_type))
            )

    def _go_on(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(data)
            return
        self._typed_bytes += len(data)
        if self._typed_bytes > MOST_TYPED_BYTES:
            raise RequestEntityTooLarge
        self._pieces.append(data)

    def _end(self) -> None:
        if self._file is not None:
            self._file.file.seek(0)
            return
        typed = b"".join(self._pieces)
        # No browser leaves out the empty line before a part's content. The parser takes the next part for that content.
        if typed.startswith(b"--" + self.boundary):
            raise ValueError("a part without an end to its head")
        self.fields.append((self._name, typed.decode("utf-8", "replace")))

    def close(self) -> None:
        """Let go of all files."""
        for _, file in self.files:
            file.close()


def _read_plain(stream: IO[bytes], options: Mapping[str, str], most_file_bytes: int) -> tuple[Fields, Files]:
    body = stream.read(MOST_TYPED_BYTES + 1)
    if len(body) > MOST_TYPED_BYTES:
        raise RequestEntityTooLarge
    pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    return pairs, []


READERS: dict[str, Callable[[IO[bytes], Mapping[str, str], int], tuple[Fields, Files]]] = {
    "multipart/form-data": _read_parts,
    "application/x-www-form-urlencoded": _read_plain,
}


class FormRequest(Request):
    """Flask's request with our way of reading forms."""

    def make_form_data_parser(self) -> Any:
        """Return the parser of this request's body. Raises UnsupportedMediaType for one that came compressed.

        No browser compresses a form, and read as it is it would look like an empty one.
        """
        if self.headers.get("Content-Encoding", "identity").lower() not in {"", "identity"}:
            raise UnsupportedMediaType
        parser = FormParser(cls=self.parameter_storage_class)
        if self.endpoint in TAKE_LARGE_FILES:
            parser.most_file_bytes = LARGE_FILE_BYTES
        return parser
