# npm only fetches files, so neither Node nor npm is in the image that runs.

# What it is made of; pinned by digest where an operator gives them so (docs/operating/compose.md).
ARG NODE_IMAGE=node:22-bookworm-slim
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${NODE_IMAGE} AS npm
WORKDIR /npm
COPY package.json package-lock.json ./
# No package needs its install script. What is removed is half of the bytes and never served: source
# maps, types, the runtime's JSEP build and the bundles that include it.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.jsep.*' \
    -o -name 'ort.all*' -o -name 'ort.webgl*' \) -delete

FROM ${PYTHON_IMAGE} AS models
ARG MODELS=recommended
WORKDIR /mattebox
# The models come through npm, as everything else.
COPY --from=npm /usr/local/bin /opt/node/bin
COPY --from=npm /usr/local/lib/node_modules /opt/node/lib/node_modules
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# Ids, "recommended" or "none". A model that cannot be had ends the build.
RUN PATH="/opt/node/bin:$PATH" flask --app wsgi models pull ${MODELS}

FROM ${PYTHON_IMAGE}
WORKDIR /mattebox
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MATTEBOX_BROTLI_QUALITY=11
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin mattebox
COPY --from=npm /npm/node_modules node_modules
COPY . .
COPY --from=models /mattebox/model_store model_store
# Takes minutes here instead of at every start. It builds the application as well, so an image
# whose models or files are not what the catalog says is never made.
RUN flask --app wsgi precompress

# Files belong to root and the server needs to write none of them.
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from os import environ as e; from urllib.request import urlopen; urlopen('http://127.0.0.1:8000' + (e.get('MATTEBOX_PREFIX') or e.get('SCRIPT_NAME') or '').rstrip('/') + '/healthz', timeout=4)"]
# Everything else is in gunicorn.conf.py, and in the environment: WEB_CONCURRENCY, MATTEBOX_*.
CMD ["gunicorn", "wsgi:app", "--bind=0.0.0.0:8000", "--access-logfile=-"]
