"""The application the server runs."""

from .app import App, Response

app = App()


@app.get("/health")
async def health() -> Response:
    return Response.json({"status": "ok"})
