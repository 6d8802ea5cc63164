# Production image: web, worker, beat and the one-shot migration all run from it (see docker-compose.yml).

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/plumbline \
    && /opt/plumbline/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/plumbline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=pmo.settings \
    PMO_DATA=/data
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin plumbline \
    && install -d -m 0700 -o plumbline -g plumbline /data
COPY --from=packages /opt/plumbline /opt/plumbline
COPY . /srv/plumbline
WORKDIR /srv/plumbline
RUN python -m compileall -q pmo projects portfolio
USER plumbline
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "pmo.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--preload", \
     "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "25"]
