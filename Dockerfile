# syntax=docker/dockerfile:1

# Front-end files, copied as the Makefile says, and the wheel that holds them.
FROM node:22-bookworm-slim AS node
FROM python:3.12-slim-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Makefile package.json package-lock.json ./
RUN make assets
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

# The environment alone: no compiler, no node, no sources.
FROM python:3.12-slim-bookworm AS installed
COPY --from=build /wheels /wheels
RUN python -m venv /opt/gradus && /opt/gradus/bin/pip install --no-cache-dir /wheels/*.whl

FROM python:3.12-slim-bookworm
ENV PATH=/opt/gradus/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    GRADUS_HOST=0.0.0.0 \
    GRADUS_PORT=8000 \
    GRADUS_VAR_PATH=/data
RUN useradd --system --uid 10001 --home-dir /data --no-create-home gradus \
    && install -d -o gradus -g gradus /data
COPY --from=installed /opt/gradus /opt/gradus
USER gradus
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['GRADUS_PORT']}/healthz\", timeout=4)"]
CMD ["sh", "-c", "gradus migrate && exec gradus serve"]
