"""Los ejercicios de la lección 00: respuestas buenas, y errores con su pista."""

import math

import torch
from respuestas import pruebas_de


def _en_el_sitio(logits, temperatura):
    logits /= temperatura
    return torch.softmax(logits, 0)


def _ordena(logits):
    logits[:] = logits.sort().values
    return len(logits) - 1


def _restado(logits, temperatura):
    """El mayor, restado después de dividir por T solo los logits."""
    e = torch.exp(logits / temperatura - logits.max())
    return e / e.sum()


def _formula(logits, temperatura):
    e = torch.exp(logits / temperatura)
    return e / e.sum()


def _a_mano(logits, temperatura):
    mayor = max(logits.tolist())
    e = [math.exp((x - mayor) / temperatura) for x in logits.tolist()]
    return torch.tensor([x / sum(e) for x in e])


def _recorre(logits):
    mejor = 0
    for i, x in enumerate(logits):
        if x > logits[mejor]:
            mejor = i
    return mejor


BUENAS = [
    ("00-mas-probable", lambda z: int(z.argmax())),
    ("00-mas-probable", _recorre),
    ("00-mas-probable", lambda z: z.tolist().index(max(z.tolist()))),
    ("00-mas-probable", lambda z: z.numpy().argmax()),
    ("00-temperatura", lambda z, t: torch.softmax(z / t, -1)),
    ("00-temperatura", _a_mano),
    ("00-temperatura", lambda z, t: _formula(z - z.max(), t)),
    ("00-temperatura", lambda z, t: (z / t).log_softmax(0).exp()),
]
ERRORES = [
    ("00-mas-probable", lambda z: 2, "no el valor"),
    ("00-mas-probable", lambda z: z.argmax(), "int(…)"),
    ("00-mas-probable", lambda z: z.topk(2).indices, ".argmax()"),
    ("00-mas-probable", lambda z: float(z.argmax()), "como entero"),
    ("00-mas-probable", lambda z: z.max().item(), "no el valor"),
    ("00-mas-probable", lambda z: int(z.argmin()), "posición del menor"),
    ("00-mas-probable", lambda z: int(z.argmax()) + 1, "desde 0"),
    ("00-mas-probable", lambda z: int(z.argmax()) - len(z), "desde el comienzo"),
    ("00-mas-probable", lambda z: int((z > 0).int().argmax()), "hallar un positivo"),
    ("00-mas-probable", lambda z: next(i for i, x in enumerate(z) if x > 0), "más"),
    ("00-mas-probable", _ordena, "cambia los logits"),
    ("00-mas-probable", lambda z: str(int(z.argmax())), "un entero"),
    ("00-mas-probable", lambda z: None, "return"),
    ("00-mas-probable", lambda z: z.argmas(), "«argmas»"),
    ("00-temperatura", _en_el_sitio, "cambia los logits"),
    ("00-temperatura", lambda z, t: torch.softmax(z, 0), "entre T"),
    ("00-temperatura", lambda z, t: torch.softmax(z * t, 0), "se dividen"),
    ("00-temperatura", lambda z, t: torch.softmax(z, 0) / t, "los logits, antes"),
    ("00-temperatura", lambda z, t: torch.softmax(z / 0.5, 0), "no sale"),
    ("00-temperatura", _formula, "se desborda"),
    ("00-temperatura", _restado, "después de dividir"),
    ("00-temperatura", lambda z, t: torch.exp(z / t), "dividir entre la suma"),
    ("00-temperatura", lambda z, t: (z / t).log_softmax(0), "logaritmos"),
    ("00-temperatura", lambda z, t: (z / t).softmax(0).tolist(), "no una lista"),
    ("00-temperatura", lambda z, t: (z / t).softmax(0)[:2], "se espera (4,)"),
    ("00-temperatura", lambda z: z.softmax(0), "argumentos"),
    ("00-temperatura", lambda z, t: torch.softmax(z / t, 1), "esa dimensión"),
    ("00-temperatura", lambda z, t: math.exp(z / t), "tipos"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
