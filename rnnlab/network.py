"""A cell that reads a sequence, and a readout that answers."""

import copy
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils import parametrize

from rnnlab.cells import Cell, LowRankRNN
from rnnlab.scan import scan
from rnnlab.tasks.task import Task


class _Mean(nn.Module):
    """V = w / N."""

    def __init__(self, units):
        super().__init__()
        self.units = units

    def forward(self, w):
        return w / self.units

    def right_inverse(self, V):
        return V * self.units


class Network(nn.Module):
    """A cell and a readout y = V·output(h) + c, with the zero state as start; `card` tells what a pretrained one is."""

    def __init__(self, cell: Cell, readout: nn.Module):
        super().__init__()
        self.cell, self.readout = cell, readout
        self.card = None

    @classmethod
    def from_cell(cls, cell: Cell, output_size: int, *, generator: torch.Generator | None = None) -> "Network":
        """A cell with a new linear readout to `output_size` outputs.

        That of a `LowRankRNN` is y = w·Φ(h) / N, trained in w and without c, so that it too stays of order 1 however
        many units there are; w is drawn with a standard deviation of 4, as in Dubreuil et al. 2020.
        """
        mean_field = isinstance(cell, LowRankRNN)
        readout = nn.utils.skip_init(nn.Linear, cell.units, output_size, bias=not mean_field)
        with torch.no_grad():
            for weights in readout.parameters():
                if mean_field:
                    weights.normal_(0, 4 / cell.units, generator=generator)
                else:
                    weights.uniform_(-(cell.units**-0.5), cell.units**-0.5, generator=generator)
        if mean_field:
            parametrize.register_parametrization(readout, "weight", _Mean(cell.units))
        return cls(cell, readout)

    def forward(
        self,
        inputs: Float[Tensor, "batch time input"],
        h0: Float[Tensor, "batch state"] | None = None,
        noise: Float[Tensor, "batch time state"] | None = None,
    ) -> tuple[Float[Tensor, "batch time out"], Float[Tensor, "batch time state"]]:
        """The outputs y_t and the states h_t at inputs x_t, t = 1 … T, from h0 (zeros if not given), as in `scan`."""
        states = scan(self.cell, inputs, h0, noise)
        return self.outputs(states), states

    def outputs(self, h: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch out"]:
        """The output y at the state h."""
        return self.readout(self.cell.output(h))

    @torch.no_grad()
    def visited(self, task: Task, generator: torch.Generator, sequences: int = 64) -> Float[Tensor, "states state"]:
        """The states that the network visits on new sequences of a task, all of them in random order."""
        states = self(task.batch(sequences, generator).inputs.to(next(self.parameters())))[1].flatten(0, 1)
        return states[torch.randperm(len(states), generator=generator)]

    def without(self, units: Sequence[int]) -> "Network":
        """A copy in which nothing reads these units: neither the other ones, nor the readout.

        Raises:
            ValueError: for units that the network does not have, and stacked cells, whose layers read each other.
        """
        if not set(units) <= set(range(self.cell.units)) or not hasattr(self.cell, "U"):
            raise ValueError(f"units must be from 0 to {self.cell.units - 1}, of a single layer, got {list(units)}")
        lesioned = copy.deepcopy(self).requires_grad_(False)
        with torch.no_grad():
            (readout,) = (weights for weights in lesioned.readout.parameters() if weights.ndim == 2)
            for read in (lesioned.cell.n if isinstance(lesioned.cell, LowRankRNN) else lesioned.cell.U.T, readout.T):
                read[list(units)] = 0
        return lesioned

    def check_fit(self, task: Task) -> None:
        """Raise ValueError unless the network has the inputs and outputs of a task."""
        outputs = len(self.outputs(next(self.parameters()).new_zeros(self.cell.state_size)))
        if (self.cell.input_size, outputs) != (task.input_size, task.output_size):
            raise ValueError(
                f"the network has {self.cell.input_size} inputs and {outputs} outputs, "
                f"the task {task.input_size} and {task.output_size}"
            )
