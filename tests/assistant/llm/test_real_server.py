"""Model mode against a real server: ``transformers serve`` in a process of its own, with a model made here.

The model is a few thousand weights that learnt one sentence by heart, or nothing at all.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from assistant.llm.client import Server
from assistant.llm.generate import generate
from tests.assistant.llm.test_server import GOOD, LINES, offered, quoted
from tests.serving import free_port, stop

pytest.importorskip("accelerate")

_SAYS = f"{GOOD} [1]."
_STARTS = 90  # seconds until it listens, on a busy machine


def make_model(folder: Path, learns: bool) -> None:
    """Save a Llama of one layer; where it ``learns``, a line break makes it say ``_SAYS``."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<s>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )  # fmt: skip
    tokenizer.train_from_iterator([_SAYS] * 3, trainer)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>",
        chat_template="{% for m in messages %}{{ m['content'] }}\n{% endfor %}",
    )  # fmt: skip
    wrapped.save_pretrained(folder)
    torch.manual_seed(2)
    config = LlamaConfig(
        vocab_size=len(wrapped), hidden_size=32, intermediate_size=48, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=8192,
        bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    if learns:
        said = torch.tensor([*wrapped.encode(f"\n{_SAYS}"), 1])
        optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
        for _ in range(250):
            before = torch.randint(2, len(wrapped), (8, 40))
            ids = torch.cat([before, said.repeat(8, 1)], dim=1)
            labels = torch.cat([torch.full((8, 41), -100), said[1:].repeat(8, 1)], dim=1)
            loss = model(input_ids=ids, labels=labels).loss
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    model.save_pretrained(folder)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of ``transformers serve`` for the model in ``folder``."""
    port = free_port()
    command = Path(sys.executable).with_name("transformers")
    process = subprocess.Popen(
        [command, "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu", folder],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | {"HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    try:
        for _ in range(_STARTS * 2):
            if process.poll() is not None:
                raise AssertionError(process.stdout and process.stdout.read().decode())
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        stop(process)


def test_a_real_server_words_the_answer_and_the_gate_passes_it(tmp_path: Path) -> None:
    make_model(tmp_path, learns=True)
    with served(tmp_path) as address:
        *_, last = generate(quoted(), offered(), Server(address, str(tmp_path)))
    assert [(c.text, c.cites) for c in last.claims] == [(f"{GOOD}.", (1,))]
    assert [c.quote for c in last.citations] == [LINES[0]]
    assert last.remarks == ()


def test_a_real_server_that_babbles_falls_back_to_quotes(tmp_path: Path) -> None:
    make_model(tmp_path, learns=False)
    with served(tmp_path) as address:
        *_, last = generate(quoted(), offered(), Server(address, str(tmp_path)))
    assert last.claims == ()
    assert last.text == quoted().text
    assert last.remarks
