"""What runs inside a child process: one named call on JSON, under limits, with an environment free of secrets."""

from __future__ import annotations

import json
import os
import resource
from typing import Any

KEPT_VARIABLES = frozenset(
    {"PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONHASHSEED", "VIRTUAL_ENV", "HOME"}
)


def prepare(memory_bytes: int) -> None:
    """Scrub the environment, bound memory, then load the graders (once for all later calls of this child)."""
    for name in list(os.environ):
        if name not in KEPT_VARIABLES:
            del os.environ[name]
    # One BLAS thread: verdicts must not depend on how many cores there are, and children share them.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import graders.calls  # noqa: F401


def run(name: str, payload: str) -> str:
    """Make one call; the answer is {"ok": …} or {"error": …, "problems": […]}, always JSON.

    A MemoryError is answered as such, so that the parent can say what happened.
    """
    from app.domain.errors import GradusError, QuestionError
    from graders.calls import CALLS

    try:
        call = CALLS[name]
        result: dict[str, Any] = {"ok": call(json.loads(payload))}
    except QuestionError as error:
        places = [{"says": p.says, "path": p.path, "file": p.file, "line": p.line} for p in error.problems]
        result = {"error": "question", "says": str(error), "problems": places}
    except MemoryError:
        result = {"error": "memory", "says": "The calculation needed more memory than it may use."}
    except GradusError as error:
        result = {"error": "question", "says": str(error), "problems": [{"says": str(error), "path": ""}]}
    except Exception as error:
        result = {"error": "crashed", "says": f"The grader failed: {type(error).__name__}: {error}"[:500]}
    return json.dumps(result)
