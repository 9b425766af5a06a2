"""The least that FastAPI can do: what every figure of the web is measured beside."""

from fastapi import FastAPI

app = FastAPI(openapi_url=None)


@app.get("/")
async def empty() -> dict[str, str]:
    return {}
