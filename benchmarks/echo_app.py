"""The scale that turns are measured on: a bare Flask + wechatpy encrypted echo that keeps nothing.

It is written as wechatpy's own examples are; the benchmark that starts it names the account in
the environment.
"""

import os

from flask import Flask, abort, request
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.replies import TextReply
from wechatpy.utils import check_signature

TOKEN, AES_KEY, APP_ID = (os.environ[f"ECHO_{name}"] for name in ("TOKEN", "AES_KEY", "APP_ID"))

app = Flask(__name__)


@app.post("/wechat")
def wechat() -> str:
    """What was written, said back."""
    query = request.args
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    try:
        check_signature(TOKEN, query.get("signature", ""), timestamp, nonce)
        signature = query.get("msg_signature", "")
        inner = crypto.decrypt_message(request.get_data(), signature, timestamp, nonce)
    except (InvalidSignatureException, InvalidAppIdException):
        abort(403)
    message = parse_message(inner)
    reply = TextReply(content="echo: " + message.content, message=message)
    sealed: str = crypto.encrypt_message(reply.render(), nonce, timestamp)
    return sealed
