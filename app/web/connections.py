"""How many connections a web process can hold: an open page of an attempt keeps one."""

from __future__ import annotations

import resource

ENOUGH = 65_536


def allow_many_connections() -> int:
    """Raise this process's own limit of open files as far as the machine allows; the limit from now on.

    Many machines begin with 1024, which an exam of a thousand students reaches.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = hard == resource.RLIM_INFINITY
    wanted = max(soft, ENOUGH if unlimited else min(ENOUGH, hard))
    if wanted != soft and soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
