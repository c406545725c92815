# An image that scans. It needs no root, no network, and nothing to write to but the ledger and a /tmp:
#
#   docker build --tag auditscan .
#   docker run --rm --read-only --tmpfs /tmp --network none --cap-drop ALL --security-opt no-new-privileges \
#       --mount type=bind,source=/var/log/transfers,target=/logs,readonly \
#       --mount type=volume,source=auditscan-ledger,target=/ledger \
#       auditscan nightly --logs /logs --ledger /ledger
#
# For Kubernetes, `auditscan schedule kubernetes`.

FROM python:3.12-slim-bookworm AS build
WORKDIR /build
COPY LICENSE README.md pyproject.toml ./
COPY src src
COPY queries queries
COPY docs docs
COPY sample_logs sample_logs
RUN python -m venv /opt/auditscan
RUN /opt/auditscan/bin/python -m pip install --no-cache-dir --disable-pip-version-check ".[notify,sign]"

FROM python:3.12-slim-bookworm
# A number that no machine gives to anybody: a volume that it owns is nobody else's. A new volume takes the owner of
# the folder it lies over, so /ledger is made here; it is no VOLUME, for an unnamed one is lost with its container.
RUN groupadd --gid 10001 auditscan \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin auditscan \
    && install --directory --owner=10001 --group=10001 --mode=0700 /ledger
COPY --from=build /opt/auditscan /opt/auditscan
ENV PATH=/opt/auditscan/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /
USER 10001:10001
# A scan ends: how it went is its exit code.
HEALTHCHECK NONE
ENTRYPOINT ["/opt/auditscan/bin/auditscan"]
CMD ["--help"]
