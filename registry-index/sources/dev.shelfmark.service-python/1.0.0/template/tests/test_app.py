import asyncio

from {{ name }}.main import app


def test_health_answers_ok() -> None:
    answer = asyncio.run(app.respond("GET", "/health"))
    assert answer.status == 200


def test_an_unknown_path_answers_404() -> None:
    answer = asyncio.run(app.respond("GET", "/nowhere"))
    assert answer.status == 404
