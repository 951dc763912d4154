# Tandem's server. The base needs Python 3.11 or newer with pip or venv, and nothing else.
ARG BASE_IMAGE=python:3.11-slim

FROM ${BASE_IMAGE} AS packages
ENV UV_LINK_MODE=copy UV_NO_CACHE=1
WORKDIR /tandem
COPY requirements requirements
COPY scripts scripts
RUN sh scripts/set_up.sh server planner

# npm is wanted once and is large, so it stays behind in this stage.
FROM packages AS web-packages
COPY package.json package-lock.json .npmrc ./
RUN sh scripts/console_packages.sh && test -f server/console/static/vendor/.installed

FROM packages
RUN useradd --system --create-home tandem
COPY . .
COPY --from=web-packages /tandem/server/console/static/vendor server/console/static/vendor
USER tandem
# The planner is compiled here once, for any processor of this kind, and not by every container when it is first asked.
ENV PATH=/tandem/.venv/bin:$PATH PYTHONUNBUFFERED=1 NUMBA_CPU_NAME=generic
RUN python -m server.planner.clinic.warm_up
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["tandem", "serve", "--host", "0.0.0.0", "--port", "8000"]
