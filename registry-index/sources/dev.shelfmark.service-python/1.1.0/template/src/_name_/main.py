"""The application the server runs."""

from .app import App, Response

app = App()


@app.get("/health")
async def health() -> Response:
    return Response.json({"status": "ok"})


@app.get("/health/ready")
async def health_ready() -> Response:
    return Response.json({"ready": app.ready}, status=200 if app.ready else 503)
