"""The training itself: AdamW on float32 weights, computed in bfloat16, with checkpoints that it resumes from."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from qa_bot.training.batches import Batch

WARM_UP = 0.06
WEIGHT_DECAY = 0.01
LONGEST_STEP = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: ``steps`` of it or ``minutes``, whichever ends first; the learning rate falls to 0 by then."""

    steps: int
    minutes: float
    learning_rate: float
    checkpoint: Path
    every: int = 100


def train(model: nn.Module, batches: Iterator[Batch], plan: Plan, say: Callable[[str], None]) -> None:
    """Train the model, in place; what a checkpoint has already done is not done again.

    The model computes in bfloat16 where ``model`` is in bfloat16; the weights that are learnt are kept in float32, since
    small steps vanish in bfloat16 (Micikevicius et al. (2018), "Mixed Precision Training").
    """
    masters = [parameter.detach().float().clone() for parameter in model.parameters()]
    optimizer = torch.optim.AdamW(masters, lr=plan.learning_rate, weight_decay=WEIGHT_DECAY, betas=(0.9, 0.98))
    done, spent = _resume(plan.checkpoint, masters, optimizer, model)
    started = time.monotonic() - spent
    losses: list[float] = []
    for step, batch in enumerate(batches):
        if step < done:
            continue
        progress = max(step / plan.steps, (time.monotonic() - started) / 60 / plan.minutes)
        if progress >= 1:
            break
        losses.append(_step(model, batch, masters, optimizer, plan.learning_rate * _rate(progress)))
        if (step + 1) % plan.every == 0:
            spent = time.monotonic() - started
            say(f"step {step + 1}, {progress:.0%}, {spent / 60:.1f} minutes, loss {sum(losses) / len(losses):.3f}")
            losses.clear()
            _save(plan.checkpoint, masters, optimizer, step + 1, spent)
        done = step + 1
    _save(plan.checkpoint, masters, optimizer, done, time.monotonic() - started)
    _publish(masters, model)


def _rate(progress: float) -> float:
    """Rise, then fall linearly to 0."""
    return min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP)) if progress else 1 / 1000


def _step(
    model: nn.Module, batch: Batch, masters: list[Tensor], optimizer: torch.optim.Optimizer, rate: float
) -> float:
    model.train()
    device = next(model.parameters()).device
    output: Any = model(
        input_ids=batch.ids.to(device), token_type_ids=batch.types.to(device), attention_mask=batch.mask.to(device)
    )
    loss = span_loss(output.start_logits, output.end_logits, batch)
    loss.backward()  # type: ignore[no-untyped-call]
    for master, parameter in zip(masters, model.parameters(), strict=True):
        master.grad = None if parameter.grad is None else parameter.grad.float()
        parameter.grad = None
    nn.utils.clip_grad_norm_(masters, LONGEST_STEP)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    _publish(masters, model)
    return float(loss.detach())


def span_loss(start_logits: Tensor, end_logits: Tensor, batch: Batch) -> Tensor:
    """Give the mean cross-entropy of start and end; padding cannot be chosen."""
    hidden = (batch.mask == 0).to(start_logits.device)
    losses = [
        nn.functional.cross_entropy(logits.float().masked_fill(hidden, -1e4), edges.to(logits.device))
        for logits, edges in ((start_logits, batch.starts), (end_logits, batch.ends))
    ]
    return (losses[0] + losses[1]) / 2


def _publish(masters: list[Tensor], model: nn.Module) -> None:
    with torch.no_grad():
        for master, parameter in zip(masters, model.parameters(), strict=True):
            parameter.copy_(master)


def _save(file: Path, masters: list[Tensor], optimizer: torch.optim.Optimizer, step: int, spent: float) -> None:
    beside = file.with_suffix(".new")
    state = {"masters": masters, "optimizer": optimizer.state_dict(), "step": step, "spent": spent}
    torch.save(state, beside)
    os.replace(beside, file)  # noqa: PTH105 - says what it does


def resume(model: nn.Module, checkpoint: Path) -> None:
    """Give a model the weights of a checkpoint, to go on from in another pass."""
    _publish(torch.load(checkpoint, weights_only=True)["masters"], model)


def _resume(file: Path, masters: list[Tensor], optimizer: torch.optim.Optimizer, model: nn.Module) -> tuple[int, float]:
    """Take up a checkpoint, if there is one; give the steps and the seconds it took."""
    if not file.is_file():
        return 0, 0.0
    state = torch.load(file, weights_only=True)
    with torch.no_grad():
        for master, saved in zip(masters, state["masters"], strict=True):
            master.copy_(saved)
    optimizer.load_state_dict(state["optimizer"])
    _publish(masters, model)
    return int(state["step"]), float(state["spent"])
