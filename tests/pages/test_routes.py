"""Every address of the web process with its methods, so that no door opens unnoticed."""

from tests.world import World

ROUTES = {
    "/healthz": "GET",
    "/readyz": "GET",
    "/metrics": "GET",
    "/static/<path:filename>": "GET",
    "/m/static/<path:filename>": "GET",
    "/m/upload/<token>": "GET POST",
    "/m/file/<token>": "GET",
    "/m/certificate/<token>": "GET",
    "/m/hand-over/<token>": "GET POST",
    "/m/subscribe/<token>": "GET",
    "/m/mine": "GET",
    "/m/mine/back": "GET",
    "/m/": "GET",
    "/m/<path:rest>": "GET",
}


def test_there_is_no_address_that_is_not_listed(sqlite_world: World) -> None:
    found: dict[str, set[str]] = {}
    for rule in sqlite_world.app.pages.url_map.iter_rules():
        found.setdefault(rule.rule, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    assert {path: " ".join(sorted(methods)) for path, methods in found.items()} == ROUTES


def test_only_the_two_pages_with_forms_take_anything(sqlite_world: World) -> None:
    web = sqlite_world.app.pages.test_client()
    for method in ("put", "patch", "delete"):
        assert getattr(web, method)("/m/upload/x").status_code == 405
        assert getattr(web, method)("/m/hand-over/x").status_code == 405
    for path in ("/m/file/x", "/m/certificate/x", "/m/static/page.css", "/healthz"):
        assert web.post(path).status_code == 405
