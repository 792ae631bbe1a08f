"""The field's usual search for fixed points, as its tools do it: Adam on the mean of q over all starts, in float32."""

import torch


def adam_fixed_points(F, starts, steps, early=True):
    """Points with q < 1e-8, one of each group within 1e-3, after at most `steps` steps.

    The learning rate, 0.01 at first, is halved when the mean of q has not fallen for 20 steps: no slower than with 10
    or 100 steps, or with factors of 0.9. With `early`, ends when all q < 1e-12, or when the rate is below 1e-6.
    """
    h = starts.float().requires_grad_()
    optimizer = torch.optim.Adam([h], lr=0.01)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=20)
    for _ in range(steps):
        q = ((F(h) - h) ** 2).sum(-1)
        loss = q.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        plateau.step(loss.detach())
        if early and (q.max() < 1e-12 or plateau.get_last_lr()[0] < 1e-6):
            break
    h = h.detach()
    q, order = ((F(h) - h) ** 2).sum(-1).sort()
    points = h[order][q < 1e-8].double()
    near = torch.cdist(points, points, compute_mode="donot_use_mm_for_euclid_dist") < 1e-3
    return points[near.int().argmax(1).unique()] if len(points) else points
