"""All routes of version 1."""

from fastapi import APIRouter

from app.api.v1 import health, readings

router = APIRouter(prefix="/api/v1")
router.include_router(health.router)
router.include_router(readings.router)
