"""A cell that reads a sequence, and a readout that answers."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from rnnlab.cells import Cell
from rnnlab.scan import scan
from rnnlab.tasks.task import Task


class Network(nn.Module):
    """A cell and a readout y = V·output(h) + c, with the zero state as its start.

    `network(inputs)`, with inputs (batch, time, input), returns outputs (batch, time, out) and states (batch, time,
    state). `card` says what a network from the zoo is.
    """

    def __init__(self, cell: Cell, readout: nn.Module):
        super().__init__()
        self.cell, self.readout = cell, readout
        self.card = None

    @classmethod
    def create(cls, cell: Cell, outputs: int, *, generator: torch.Generator | None = None) -> "Network":
        """A cell with a new linear readout of `outputs` numbers."""
        readout = nn.utils.skip_init(nn.Linear, cell.units, outputs)
        with torch.no_grad():
            for weights in readout.parameters():
                weights.uniform_(-(cell.units**-0.5), cell.units**-0.5, generator=generator)
        return cls(cell, readout)

    def forward(
        self,
        inputs: Float[Tensor, "batch time input"],
        h0: Float[Tensor, "batch state"] | None = None,
        noise: Float[Tensor, "batch time state"] | None = None,
    ) -> tuple[Float[Tensor, "batch time out"], Float[Tensor, "batch time state"]]:
        states = scan(self.cell, inputs, h0, noise)
        return self.read(states), states

    def read(self, h: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch out"]:
        """The output y at the state h."""
        return self.readout(self.cell.output(h))

    def check_fit(self, task: Task) -> None:
        """Raise ValueError unless the network has the inputs and outputs of a task."""
        outputs = len(self.read(next(self.parameters()).new_zeros(self.cell.state_size)))
        if (self.cell.input_size, outputs) != (task.input_size, task.output_size):
            raise ValueError(
                f"the network has {self.cell.input_size} inputs and {outputs} outputs, "
                f"the task {task.input_size} and {task.output_size}"
            )
