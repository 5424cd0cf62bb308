"""The connection to an OpenAI-compatible server; the only file that imports ``openai``.

One request, streamed. Refused connections and 5xx are tried again; silence ends after a time limit,
and so does an answer that never ends.
"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.llm.prompt import Message
from corpus.errors import UserError

_RETRIES = 2
_MOST_TOKENS = 500


class ModelError(UserError):
    """The model server cannot be used, or gave no answer in time."""


class Generator(Protocol):
    """Whatever words an answer: a server, or a scripted fake."""

    def stream(self, messages: list[Message]) -> Iterator[str]:
        """Tokens as they come. Raises ModelError."""
        ...


@dataclass(frozen=True, slots=True)
class Server:
    """An OpenAI-compatible server. ``silence``: seconds between two tokens; ``limit``: of the whole."""

    url: str
    model: str
    key: str = ""
    silence: float = 30.0
    limit: float = 120.0

    def stream(self, messages: list[Message]) -> Iterator[str]:
        """Tokens as they come. Raises ModelError for refusal, silence and rubbish."""
        openai = _openai()
        client = openai.OpenAI(
            base_url=self.url,
            api_key=self.key or "none",
            timeout=self.silence,
            max_retries=_RETRIES,
        )
        ends = time.monotonic() + self.limit
        try:
            with contextlib.closing(client), self._open(client, messages) as answer:
                for chunk in answer:
                    if time.monotonic() > ends:
                        raise ModelError(f"Mô hình chưa trả lời xong sau {self.limit:.0f} giây.")
                    yield _token(chunk)
        except ModelError:
            raise
        except openai.APITimeoutError as error:
            raise self._silent() from error
        except openai.APIStatusError as error:
            raise ModelError(f"Máy chủ mô hình báo lỗi {error.status_code}.") from error
        except openai.APIConnectionError as error:
            raise ModelError(f"Không kết nối được máy chủ mô hình ở {self.url}.") from error
        except Exception as error:  # broken streams: whatever a stranger's server sends
            name = type(error).__name__
            if "Timeout" in name:  # between two tokens it is httpx's own error that comes through
                raise self._silent() from error
            raise ModelError(f"Máy chủ mô hình trả lời không đúng giao thức ({name}).") from error

    def _silent(self) -> ModelError:
        return ModelError(f"Máy chủ mô hình im lặng quá {self.silence:g} giây.")

    def _open(self, client: Any, messages: list[Message]) -> Any:
        return client.chat.completions.create(
            model=self.model, messages=messages, stream=True, temperature=0, max_tokens=_MOST_TOKENS
        )


def _token(chunk: Any) -> str:
    choices = getattr(chunk, "choices", None)
    delta = choices[0].delta if choices else None
    return str(getattr(delta, "content", None) or "")


def _openai() -> Any:
    try:
        import openai
    except ImportError as error:
        raise ModelError(
            "Muốn dùng máy chủ mô hình (HOIBAO_LLM_URL), hãy cài thêm: pip install 'hoibao[llm]'"
        ) from error
    return openai


__all__ = ["Generator", "ModelError", "Server"]
