"""The training itself: AdamW on float32 weights, computed in bfloat16, with checkpoints that it resumes from."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from qa_bot.training.batches import Batch

WARM_UP = 0.06
WEIGHT_DECAY = 0.01
LONGEST_STEP = 1.0
# How far what the teachers say counts; what the row says counts for the rest.
TAUGHT = 0.7


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: ``steps`` of it or ``minutes``, whichever ends first; the learning rate falls to 0 by then."""

    steps: int
    minutes: float
    learning_rate: float
    checkpoint: Path
    every: int = 100


def train(
    model: nn.Module,
    batches: Iterator[Batch],
    plan: Plan,
    say: Callable[[str], None],
    teachers: Sequence[nn.Module] = (),
) -> None:
    """Train the model, in place, with what the teachers say if there are any; what a checkpoint has done is not done again.

    The model computes in bfloat16 where ``model`` is in bfloat16; the weights that are learnt are kept in float32, since
    small steps vanish in bfloat16 (Micikevicius et al. (2018), "Mixed Precision Training").
    """
    masters = [parameter.detach().float().clone() for parameter in model.parameters()]
    optimizer = torch.optim.AdamW(masters, lr=plan.learning_rate, weight_decay=WEIGHT_DECAY, betas=(0.9, 0.98))
    done, spent = _resume(plan.checkpoint, masters, optimizer, model)
    started = time.monotonic() - spent
    device = next(model.parameters()).device
    losses: list[Tensor] = []
    for step, made in enumerate(batches):
        if step < done:
            continue
        progress = max(step / plan.steps, (time.monotonic() - started) / 60 / plan.minutes)
        if progress >= 1:
            break
        model.train()
        batch = made.to(device)
        loss = span_loss(logits(model, batch), targets(batch, teachers))
        _learn(loss, model, masters, optimizer, plan.learning_rate * _rate(progress))
        losses.append(loss.detach())
        if (step + 1) % plan.every == 0:
            spent = time.monotonic() - started
            say(f"step {step + 1}, {progress:.0%}, {spent / 60:.1f} minutes, loss {torch.stack(losses).mean():.3f}")
            losses.clear()
            _save(plan.checkpoint, masters, optimizer, step + 1, spent)
        done = step + 1
    _save(plan.checkpoint, masters, optimizer, done, time.monotonic() - started)
    _publish(masters, model)


def _rate(progress: float) -> float:
    """Rise, then fall linearly to 0."""
    return min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP)) if progress else 1 / 1000


def _learn(
    loss: Tensor, model: nn.Module, masters: list[Tensor], optimizer: torch.optim.Optimizer, rate: float
) -> None:
    loss.backward()  # type: ignore[no-untyped-call]
    for master, parameter in zip(masters, model.parameters(), strict=True):
        master.grad = None if parameter.grad is None else parameter.grad.float()
        parameter.grad = None
    nn.utils.clip_grad_norm_(masters, LONGEST_STEP)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    _publish(masters, model)


def logits(model: nn.Module, batch: Batch) -> Tensor:
    """Read a batch; gives how likely an answer starts and ends at each piece, shape ``(2, rows, longest)``, padding never."""
    output: Any = model(input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask)
    both = torch.stack([output.start_logits, output.end_logits]).float()
    return both.masked_fill(batch.mask == 0, -1e4)


def targets(batch: Batch, teachers: Sequence[nn.Module]) -> Tensor:
    """Give the shares of 1 that each piece should get as start and as end, shape ``(2, rows, longest)``.

    Without teachers the row's own edges get all. Source: Hinton, Vinyals & Dean (2015), "Distilling the Knowledge in a Neural
    Network", with an ensemble for a teacher.
    """
    edges = torch.stack([batch.starts, batch.ends])
    own = nn.functional.one_hot(edges, batch.ids.shape[1]).float()
    if not teachers:
        return own
    with torch.no_grad():
        taught = torch.stack([logits(teacher, batch).softmax(-1) for teacher in teachers]).mean(0)
    return TAUGHT * taught + (1 - TAUGHT) * own


def span_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Give the mean cross-entropy of starts and ends, each of shape ``(2, rows, longest)``."""
    return -(targets * logits.log_softmax(-1)).sum(-1).mean()


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
    """Give a model the weights of a checkpoint."""
    _publish(torch.load(checkpoint, weights_only=True, map_location="cpu")["masters"], model)


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
