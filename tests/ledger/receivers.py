"""A mail server and an HTTP endpoint on loopback, real ones, that also know how to behave badly."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.smtp import SMTP

NOBODY = "json://127.0.0.1:9/hook"
"""Where nobody listens."""


class Mails:
    """What a mail server was given; `says` is how it answers a mail, `hangs_up` whether it goes away amid one."""

    def __init__(self):
        self.got = []
        self.says = "250 ok"
        self.hangs_up = False
        self.url = ""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.hangs_up:
            server.transport.abort()
            return "451 gone"
        if self.says.startswith("250"):
            self.got.append(message_from_bytes(envelope.content, policy=default))
        return self.says


@contextmanager
def mail_server():
    """A mail server, as its Mails; `url` is an Apprise address that ends there."""
    mails = Mails()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def serve():
        # A factory, for a server has state a connection; port 0 lets the system choose a free one.
        return await loop.create_server(lambda: SMTP(mails, loop=loop), "127.0.0.1", 0)

    async def stop(server):
        server.close()
        await server.wait_closed()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(serve(), loop).result(10)
    port = server.sockets[0].getsockname()[1]
    mails.url = f"mailto://127.0.0.1:{port}/?from=scan@example.org&to=officer@example.org"
    try:
        yield mails
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


class Posts:
    """What an endpoint was given; `codes` is how it answers, the last one for ever; None: not at all."""

    def __init__(self):
        self.got = []
        self.codes = [200]
        self.asked = 0
        self.url = ""
        self.busy = threading.Event()
        """Set while somebody waits for an answer that does not come."""
        self.over = threading.Event()


@contextmanager
def endpoint():
    """An HTTP endpoint, as its Posts; `url` is an Apprise address that ends there."""
    posts = Posts()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            posts.asked += 1
            code = posts.codes.pop(0) if len(posts.codes) > 1 else posts.codes[0]
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if code is None:
                posts.busy.set()
                posts.over.wait(20)
                return
            if code == 200:
                posts.got.append(json.loads(body))
            self.send_response(code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    posts.url = f"json://127.0.0.1:{server.server_port}/hook"
    try:
        yield posts
    finally:
        posts.over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
