"""A proxy before an object store that meddles, in a process of its own.

python -m tests.meddler ENDPOINT cut|swallow|forget
"""

from __future__ import annotations

import http.client
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from threading import Lock
from urllib.parse import urlsplit

#: How much of a body that is cut still goes through.
CUT_AFTER = 1 << 16
_ENTRY = ".json"


class Meddler(BaseHTTPRequestHandler):
    """Passes every request on, but

    * ``cut`` ends the connection in the middle of what is written,
    * ``swallow`` passes the first second entry of a log on and ends the connection instead of answering,
    * ``forget`` leaves out the condition that nothing be there yet.
    """

    protocol_version = "HTTP/1.1"
    upstream = ""
    mode = ""
    lock = Lock()
    swallowed = False

    def pass_on(self) -> None:
        told_length = self.headers.get("x-amz-decoded-content-length") or self.headers.get("Content-Length", "0")
        if self.mode == "cut" and self.command in ("PUT", "POST") and int(told_length) > CUT_AFTER:
            self.rfile.read(CUT_AFTER)
            self._end()
            return
        body = self._body()
        headers = {name: value for name, value in self.headers.items() if not self._forgets(name)}
        upstream = http.client.HTTPConnection(urlsplit(self.upstream).netloc)
        upstream.request(self.command, self.path, body, headers)
        answer = upstream.getresponse()
        told = answer.read()
        if self._swallows():
            self._end()
            return
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(told))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = pass_on  # noqa: N815  # so the library names them

    def _forgets(self, name: str) -> bool:
        meant = self.mode == "forget" and name.lower() == "if-none-match"
        return meant or name.lower() in ("transfer-encoding", "expect", "connection")

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _swallows(self) -> bool:
        if self.mode != "swallow" or self.command != "PUT" or not self.path.endswith(f"1{_ENTRY}"):
            return False
        with self.lock:
            first, Meddler.swallowed = not Meddler.swallowed, True
        return first

    def _end(self) -> None:
        self.close_connection = True
        self.connection.shutdown(SHUT_RDWR)

    def log_message(self, *_words: object) -> None:
        pass


if __name__ == "__main__":
    Meddler.upstream, Meddler.mode = sys.argv[1:]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Meddler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    print(server.server_port, flush=True)
    server.serve_forever()
