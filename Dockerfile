# One image for all: `likeness serve`, `likeness worker`, `likeness migrate`, `likeness keys`.
# For a GPU or for a smaller CPU image: --build-arg TORCH_INDEX=<see the README, "On a GPU">.
FROM python:3.11-slim-bookworm AS build
ARG TORCH_INDEX=
WORKDIR /likeness
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} torch==2.13.0
COPY pyproject.toml constraints.txt README.md ./
COPY src src
COPY packages packages
RUN /venv/bin/pip install --no-cache-dir --constraint constraints.txt \
        '.[upscalers]' ./packages/likeness-mini \
 && /venv/bin/pip install --no-cache-dir --constraint constraints.txt --no-deps spandrel

FROM python:3.11-slim-bookworm
# tini takes in the children of workers that were killed.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 1000 --create-home likeness \
 && install --directory --owner=likeness /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 LIKENESS_DATA=/data LIKENESS_HOST=0.0.0.0
USER 1000
VOLUME /data
EXPOSE 8900
ENTRYPOINT ["tini", "--", "likeness"]
CMD ["serve"]
