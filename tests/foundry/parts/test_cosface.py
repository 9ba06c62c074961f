import torch
from torch import nn
from torch.nn.functional import normalize

from foundry.networks.cosface import WithPeople


def test_the_margin_makes_the_same_embeddings_cost_more() -> None:
    torch.manual_seed(0)
    network = WithPeople(nn.Identity(), people=5, width=8)
    who = torch.tensor([0, 3, 4])
    embeddings = normalize(network.people.detach()[who], dim=1)

    loose, right = network.identity_loss(embeddings, who, margin=0.0, scale=16)
    strict, _ = network.identity_loss(embeddings, who, margin=0.3, scale=16)
    _, wrong = network.identity_loss(embeddings, torch.zeros_like(who), margin=0.0, scale=16)

    assert float(right) == 1 and float(wrong) < 1
    assert float(strict.detach()) > float(loose.detach())
