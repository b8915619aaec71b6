"""Lo que comparten las comprobaciones de la lección 03."""

from . import no_es_numero
from .numeros import suelto


def numero(valor) -> tuple[float | None, str | None]:
    """El valor como float, o una pista. Acepta uno de torch o de numpy."""
    import torch

    if isinstance(valor, torch.Tensor) and valor.numel() != 1:
        return None, f"devolviste {valor.numel()} números y se pide uno solo."
    valor = suelto(valor)
    if pista := no_es_numero(valor):
        return None, pista
    return float(valor), None


def cerca(a, b) -> bool:
    import torch

    a, b = torch.as_tensor(a), torch.as_tensor(b)
    return a.shape == b.shape and torch.allclose(
        a.double(), b.double(), rtol=1e-4, atol=1e-6
    )


def de_cada_uno(numeros, etiquetas):
    """Lo que recibió cada etiqueta que cuenta, ya corrida una posición: un vector."""
    siguen = etiquetas[:, 1:]
    elegidas = siguen.clamp(min=0)[..., None]
    return numeros[:, :-1].gather(-1, elegidas)[..., 0][siguen != -100]
