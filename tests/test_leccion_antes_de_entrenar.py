"""La lección «Antes de entrenar»: respuestas buenas y malas de sus dos ejercicios."""

import math

import numpy as np
import torch
from respuestas import pruebas_de
from scipy.special import logsumexp
from torch.nn import functional as F


def _bajar(pendiente, w, tasa, pasos):
    camino = [w]
    for _ in range(pasos):
        w = w - tasa * pendiente(w)
        camino.append(w)
    return camino


def _bajar_recursiva(pendiente, w, tasa, pasos):
    if pasos == 0:
        return [w]
    nuevo = w - tasa * pendiente(w)
    return [w, *_bajar_recursiva(pendiente, nuevo, tasa, pasos - 1)]


def _bajar_con_numpy(pendiente, w, tasa, pasos):
    camino = np.empty(pasos + 1)
    camino[0] = w
    for k in range(pasos):
        camino[k + 1] = camino[k] - tasa * pendiente(camino[k])
    return camino


def _bajar_con_tensores(pendiente, w, tasa, pasos):
    w, camino = torch.tensor(w), [torch.tensor(w)]
    while len(camino) < pasos + 1:
        w = w - tasa * pendiente(w)
        camino.append(w)
    return camino


def _mal(mueve):
    """Una bajada cuyo paso está mal."""

    def mia(pendiente, w, tasa, pasos):
        camino, primera = [w], pendiente(w)
        for k in range(pasos):
            w = mueve(w, pendiente(w), tasa, k, primera)
            camino.append(w)
        return camino

    return mia


def _costo(logits, sigue):
    mayor = max(logits)
    return math.log(sum(math.exp(z - mayor) for z in logits)) + mayor - logits[sigue]


def _costo_con_scipy(logits, sigue):
    return logsumexp(logits) - logits[sigue]


def _costo_con_torch(logits, sigue):
    return F.cross_entropy(torch.tensor(logits), torch.tensor(sigue))


def _costo_en_partes(logits, sigue):
    z = np.array(logits) - np.max(logits)
    return -(z[sigue] - np.log(np.exp(z).sum()))


def _p(logits):
    total = sum(map(math.exp, logits))
    return [math.exp(z) / total for z in logits]


BAJAR, COSTO = "entrenar-descender", "entrenar-costo"
BUENAS = {
    BAJAR: [_bajar, _bajar_recursiva, _bajar_con_numpy, _bajar_con_tensores],
    COSTO: [_costo, _costo_con_scipy, _costo_con_torch, _costo_en_partes],
}
ERRORES = [
    (BAJAR, _mal(lambda w, g, t, k, g0: w + t * g), "cuesta arriba"),
    (BAJAR, _mal(lambda w, g, t, k, g0: w - g), "por la tasa"),
    (BAJAR, _mal(lambda w, g, t, k, g0: w - t * g0), "otra vez en cada paso"),
    (BAJAR, _mal(lambda w, g, t, k, g0: -t * g), "falta el de antes"),
    (BAJAR, _mal(lambda w, g, t, k, g0: w - g / t), "no la divide"),
    (BAJAR, _mal(lambda w, g, t, k, g0: w - t * np.sign(g)), "solo el signo"),
    (BAJAR, _mal(lambda w, g, t, k, g0: w - t * abs(g)), "valor absoluto"),
    (BAJAR, _mal(lambda w, g, t, k, g0: w - t * w), "no por la pendiente"),
    (BAJAR, _mal(lambda w, g, t, k, g0: w - t / (k + 1) * g), "no cambia de un paso"),
    (BAJAR, lambda p, w, t, n: _bajar(p, w, t, n)[1:], "peso de partida, al comienzo"),
    (BAJAR, lambda p, w, t, n: _bajar(p, w, t, n - 1), "falta un paso"),
    (BAJAR, lambda p, w, t, n: _bajar(p, w, t, n + 1), "sobra un paso"),
    (BAJAR, lambda p, w, t, n: _bajar(p, w, t, n)[-1], "el último peso"),
    (BAJAR, lambda p, w, t, n: [w] * (n + 1), "no se mueve"),
    (BAJAR, lambda p, w, t, n: [p(v) for v in _bajar(p, w, t, n)], "las pendientes"),
    (BAJAR, lambda p, w, t, n: None, "Falta `return`"),
    (BAJAR, lambda p, w, t, n: 0, "la lista de los pesos"),
    (BAJAR, lambda p, w, t, n: "abc", "una lista de números"),
    (BAJAR, lambda p, w, t, n: _bajar(p, w, t, max(n, 1)), "con cero pasos"),
    (BAJAR, [0.0, 0.6], "pasa la función misma"),
    (COSTO, lambda z, s: _p(z)[s], "falta el menos logaritmo"),
    (COSTO, lambda z, s: math.log(_p(z)[s]), "falta el signo"),
    (COSTO, lambda z, s: 1 - _p(z)[s], "no 1 menos la"),
    (COSTO, lambda z, s: -z[s], "falta la softmax"),
    (COSTO, lambda z, s: z[s], "por la softmax"),
    (COSTO, lambda z, s: -math.log(_p(z)[s]) / math.log(2), "en bits"),
    (COSTO, lambda z, s: -math.log10(_p(z)[s]), "base diez"),
    (COSTO, lambda z, s: -math.log(max(_p(z))), "no el más probable"),
    (COSTO, lambda z, s: -math.log(_p(z)[s - 1]), "cuenta desde cero"),
    (COSTO, lambda z, s: -sum(q * math.log(q) for q in _p(z)), "la entropía de todas"),
    (COSTO, lambda z, s: -sum(map(math.log, _p(z))), "no sumes las de todas"),
    (COSTO, lambda z, s: math.log(sum(map(math.exp, z))), "falta restar"),
    (COSTO, lambda z, s: math.log(sum(map(math.exp, z))) + z[s], "se resta"),
    (COSTO, lambda z, s: -math.log(_p(z)[s]) / len(z), "una sola predicción"),
    (COSTO, lambda z, s: -math.log(z[s] / sum(z)), "falta la exponencial"),
    (COSTO, lambda z, s: round(_costo(z, s), 2), "no redondees"),
    (COSTO, lambda z, s: -math.log(_p(z)[s]), "réstales antes el mayor"),
    (COSTO, lambda z, s: str(_costo(z, s)), "debe devolver un número"),
    (COSTO, lambda z, s: 7.5, "diste 7.5"),
    (COSTO, 0.41, "pasa la función misma"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
