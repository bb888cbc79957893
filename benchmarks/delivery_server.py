"""A platform that takes everything and answers after a while: what senders are measured against."""

import asyncio
import json
import os
import sys

OK = json.dumps({"errcode": 0, "errmsg": "ok"}).encode()
TOKEN = json.dumps({"access_token": "t" * 64, "expires_in": 7200}).encode()
LENGTH = b"content-length:"


async def serve(latency: float) -> None:
    """Listen on any free port, which is printed, until the standard input ends."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer, latency)

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)
    # without a word to those who are still connected
    os._exit(0)


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency: float
) -> None:
    """One connection: a request, a pause, an answer, and again."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if size := length(head):
                await reader.readexactly(size)
            await asyncio.sleep(latency)
            body = TOKEN if b"token" in head.split(b"\r\n", 1)[0].split(b"?")[0] else OK
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + str(len(body)).encode()
                + b"\r\n\r\n"
                + body
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def length(head: bytes) -> int:
    """The size of the body that follows."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(LENGTH):
            return int(line[len(LENGTH) :])
    return 0


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
