"""Set a page of HTML as a tagged PDF, as a program of its own that `services.typesetting` starts.

What sets type is large: here its memory goes away with the process, and it reads no file and no address but the
pictures that it is given. It must not import `webapp`, which would load the whole product.

In: one line of JSON ({"html", "pictures": [[name, media type, length], …], "memory_bytes", "seconds",
"answer_bytes"}; `html` is a length), then the page, then the pictures, which the page calls `picture:` and their name.
Out: one line of JSON ({"pages", "peak_bytes"} or {"problem"}), then the PDF.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MISSING = "missing"
VARIANT = "pdf/ua-1"


def limit(memory_bytes: int, seconds: int, answer_bytes: int) -> None:
    """Take from this process what a page gone wrong could ask for."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (answer_bytes, answer_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def set_page(page: str, pictures: dict[str, tuple[str, bytes]]) -> tuple[bytes, int]:
    """Return the PDF and how many pages it has. Raises LookupError for a picture that is not there."""
    # Here and not above: what it loads of the system may be missing, which is told in words.
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OnlyGiven(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in pictures:
                raise FatalURLFetchingError(f"The page asks for {url[:80]}.")
            media_type, content = pictures[url]
            return URLFetcherResponse(url, content, {"Content-Type": media_type})

    try:
        document = weasyprint.HTML(string=page, url_fetcher=OnlyGiven()).render(pdf_variant=VARIANT)
    except FatalURLFetchingError as error:
        # It is no Exception, so that nothing on its way passes it over.
        raise LookupError(str(error)) from None
    return document.write_pdf(pdf_variant=VARIANT), len(document.pages)


def peak_bytes() -> int:
    """Return the most memory that this process had; what `getrusage` counts begins with that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


def main() -> None:
    """Read one page with its pictures and write the PDF."""
    task = json.loads(sys.stdin.buffer.readline())
    page = sys.stdin.buffer.read(task["html"]).decode()
    pictures = {
        f"picture:{name}": (media_type, sys.stdin.buffer.read(length))
        for name, media_type, length in task["pictures"]
    }
    limit(task["memory_bytes"], task["seconds"], task["answer_bytes"])
    content, answer = b"", dict[str, Any]()
    try:
        content, pages = set_page(page, pictures)
    except (ImportError, OSError):
        answer = {"problem": MISSING}
    except Exception as error:
        answer = {"problem": f"{type(error).__name__}: {error}"[:200]}
    else:
        answer = {"pages": pages, "peak_bytes": peak_bytes()}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
