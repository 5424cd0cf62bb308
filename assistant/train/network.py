"""The reader's network: a small pre-norm transformer over words, with four heads.

Token, segment, mark and shape embeddings are summed; positions are rotary (Su et al. 2021), so that
a short input costs nothing for the longest. Heads: relevance of each sentence (at its ``[S]``),
start and end of the answer, whether the passage answers (at ``[CLS]``), and the hidden word
(pretraining only, weights tied to the token embeddings).
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from assistant.reading.words import MARKS, PAD, SHAPES


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of the network."""

    vocabulary: int
    width: int = 256
    layers: int = 4
    heads: int = 4
    inner: int = 768
    dropout: float = 0.1


class Layer(nn.Module):  # type: ignore[misc]  # torch is not typed here
    """Attention and a gated feed-forward, each behind a norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.norm1 = nn.LayerNorm(shape.width)
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm2 = nn.LayerNorm(shape.width)
        self.rise = nn.Linear(shape.width, 2 * shape.inner)
        self.fall = nn.Linear(shape.inner, shape.width)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(
        self, x: torch.Tensor, bias: torch.Tensor, turn: tuple[torch.Tensor, torch.Tensor]
    ) -> torch.Tensor:
        """``x`` is ``(batch, length, width)``; ``bias`` hides the padding."""
        x = x + self.dropout(self._attend(self.norm1(x), bias, turn))
        gate, value = self.rise(self.norm2(x)).chunk(2, dim=-1)
        return x + self.dropout(self.fall(functional.gelu(gate, approximate="tanh") * value))

    def _attend(
        self, x: torch.Tensor, bias: torch.Tensor, turn: tuple[torch.Tensor, torch.Tensor]
    ) -> torch.Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k = rotate(q, turn), rotate(k, turn)
        # Written out: at these lengths torch's fused kernel takes twice as long on a CPU, back and forth.
        alike = q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5
        mixed = (alike + bias.to(alike.dtype)).softmax(-1) @ v
        return self.out(mixed.transpose(1, 2).reshape(batch, length, width))


def rotate(x: torch.Tensor, turn: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Rotary positions: pairs of coordinates turned by an angle that grows with the place."""
    cosine, sine = turn
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)


class ReaderNetwork(nn.Module):  # type: ignore[misc]
    """``forward`` gives relevance, start, end ``(batch, length)`` and answers ``(batch,)`` logits."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token = nn.Embedding(shape.vocabulary, shape.width)
        self.segment = nn.Embedding(3, shape.width)
        self.mark = nn.Embedding(MARKS, shape.width)
        self.look = nn.Embedding(SHAPES, shape.width)
        for embedding in (self.token, self.segment, self.mark, self.look):
            nn.init.normal_(embedding.weight, std=0.5)
        self.norm = nn.LayerNorm(shape.width)
        self.dropout = nn.Dropout(shape.dropout)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.last = nn.LayerNorm(shape.width)
        self.heads = nn.Linear(shape.width, 4)
        self.hidden = nn.Linear(shape.width, shape.width)
        half = shape.width // shape.heads // 2
        self.register_buffer("speeds", 10_000.0 ** (-torch.arange(half) / half), persistent=False)

    def drop_out(self, share: float) -> None:
        """Set how much is dropped while learning."""
        for module in self.modules():
            if isinstance(module, nn.Dropout):
                module.p = share

    def states(
        self,
        tokens: torch.Tensor,
        segments: torch.Tensor,
        marks: torch.Tensor,
        shapes: torch.Tensor,
    ) -> torch.Tensor:
        """Contextual vectors ``(batch, length, width)``; all inputs are ``(batch, length)``."""
        x = self.token(tokens) + self.segment(segments) + self.mark(marks) + self.look(shapes)
        x = self.dropout(self.norm(x))
        bias = torch.where(tokens == PAD, -1e4, 0.0)[:, None, None, :].to(x.dtype)
        angles = torch.arange(tokens.shape[1], device=x.device)[:, None] * self.speeds
        turn = (angles.cos(), angles.sin())
        for layer in self.layers:
            x = layer(x, bias, turn)
        return self.last(x)

    def forward(
        self,
        tokens: torch.Tensor,
        segments: torch.Tensor,
        marks: torch.Tensor,
        shapes: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits, to be read at the markers, at the text tokens, and once a passage."""
        out = self.heads(self.states(tokens, segments, marks, shapes)).float()
        return out[..., 0], out[..., 1], out[..., 2], out[:, 0, 3]

    def hidden_words(self, states: torch.Tensor) -> torch.Tensor:
        """Logits ``(n, vocabulary)`` over the word behind each of ``(n, width)`` states."""
        return functional.linear(functional.gelu(self.hidden(states)), self.token.weight) / 16
