"""What may stand in an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

PublicId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Position = Annotated[int, Path(ge=1, le=1000)]
