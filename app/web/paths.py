"""What may stand in an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

PublicId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Position = Annotated[int, Path(ge=1, le=1000)]
PersonId = Annotated[int, Path(ge=1, le=2**31 - 1)]
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
LinkToken = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
FieldId = Annotated[str, Path(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,99}$")]
PartId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
QuestionId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
SessionHandle = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
