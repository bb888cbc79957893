"""A question for a way to send documents is heard as one, and nothing else is."""

import pytest

from bot.reading.concerns.uploads import asks_for_upload, is_long_list
from tests.reading import corpora

ASKS = """上传
我要上传
怎么上传材料？
在哪上传
怎么发文件
PDF发不了
发不了pdf
ＰＤＦ发不了
能发word吗
excel怎么传
文件发不过去啊
附件怎么发
传文件
发个pdf可以吗
可以发PDF文件吗
照片太多怎么发
只有电子版的怎么办
营业执照只有PDF版的
文件太大发不了
上传链接
链接打不开
上传页面过期了
微信发不了文件"""

# said by clients too, and about something else
OTHERS = """已上传
上传好了
我发文件了
报告怎么拿
报告电子版什么时候能出来
我们厂有8块压力表要校准
检验报告能不能发电子版给我
能不能发我电子版
能发电子版证书吗
可以发电子版的报告吗
发照片
怎么拍照
合同怎么签
标准文本哪里可以买
我们公司的文件管理体系要认证，上传和下载的流程都要审核，怎么办理，需要多久
网站上传的数据需要检测吗"""


@pytest.mark.parametrize("text", ASKS.splitlines())
def test_a_question_for_the_page_is_heard(text: str) -> None:
    assert asks_for_upload(text)


@pytest.mark.parametrize("text", OTHERS.splitlines())
def test_other_words_are_no_such_question(text: str) -> None:
    assert not asks_for_upload(text)


def test_no_client_of_the_corpus_who_wants_something_else_is_sent_to_the_page() -> None:
    texts = [one.text for one in corpora.utterances()]
    assert len(texts) > 100
    assert [text for text in texts if asks_for_upload(text)] == []


@pytest.mark.parametrize(
    ("name", "long"),
    [("计量器具清单", True), ("参训人员名单", True), ("检验项目", False), ("清单说明", False)],
)
def test_a_long_list_is_known_by_its_name(name: str, long: bool) -> None:
    assert is_long_list(name) is long
