# syntax=docker/dockerfile:1
# Hỏi Báo with the CPU build of PyTorch. Archive, index and state lie in /data, which is all that is written to.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/hoibao
ENV PATH=/opt/hoibao/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# The version that pyproject.toml pins, from PyTorch's own index: the default one brings gigabytes of CUDA.
RUN pip install 'torch>=2.13,<2.14' --index-url https://download.pytorch.org/whl/cpu
COPY . .
RUN pip install '.[llm,mcp,milvus]'

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home --home-dir /home/hoibao hoibao \
    && install -d -o hoibao -g hoibao -m 750 /data /data/kho /data/chi-muc /data/trang-thai
COPY --from=build /opt/hoibao /opt/hoibao
ENV PATH=/opt/hoibao/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOIBAO_HOST=0.0.0.0 HOIBAO_ARCHIVE=/data/kho HOIBAO_INDEX=/data/chi-muc HOIBAO_STATE=/data/trang-thai
USER hoibao
WORKDIR /home/hoibao
VOLUME /data
EXPOSE 7860
# Alive as soon as it answers; /readyz says when questions are answered.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
# It refuses to start without HOIBAO_PASSWORD or HOIBAO_USERS.
CMD ["hoibao", "serve"]
