"""La lección 13: respuestas buenas y malas de sus tres ejercicios."""

import pytest

torch = pytest.importorskip("torch")
revisar = pytest.importorskip("taller.ejercicios").revisar


def _con_argsort(W, parte):
    copia = W.clone().flatten()
    copia[copia.abs().argsort()[: int(parte * W.numel())]] = 0
    return copia.reshape(W.shape)


def _con_umbral(W, parte):
    cuantos = int(parte * W.numel())
    if not cuantos:
        return W.clone()
    umbral = W.abs().flatten().kthvalue(cuantos).values
    return torch.where(W.abs() <= umbral, torch.zeros_like(W), W)


def _con_topk(W, parte):
    quedan = W.numel() - int(parte * W.numel())
    mascara = torch.zeros(W.numel())
    mascara[W.abs().flatten().topk(quedan).indices] = 1
    return W * mascara.reshape(W.shape)


def _en_su_sitio(W, parte):
    W[W.abs() < 0.3] = 0
    return W


def _los_mayores(W, parte):
    return W - _con_argsort(W, parte)


def _con_signo(W, parte):
    copia = W.clone().flatten()
    copia[copia.argsort()[: int(parte * W.numel())]] = 0
    return copia.reshape(W.shape)


def _por_fila(W, parte):
    copia = W.clone()
    for fila in copia:
        fila[fila.abs().argsort()[: int(parte * len(fila))]] = 0
    return copia


def _uno_de_mas(W, parte):
    copia = W.clone().flatten()
    copia[copia.abs().argsort()[: int(parte * W.numel()) + 1]] = 0
    return copia.reshape(W.shape)


def _q8(x, divisor=127.0, redondear=torch.round, tipo=torch.int8):
    escala = x.abs().max() / divisor
    if escala == 0:
        return escala, torch.zeros_like(x).to(tipo)
    return escala, redondear(x / escala).to(tipo)


def _q8_con_listas(x):
    escala = max(map(abs, x.tolist())) / 127
    codigos = [round(v / escala) if escala else 0 for v in x.tolist()]
    return escala, torch.tensor(codigos, dtype=torch.int8)


def _q8_con_donde(x):
    escala = x.abs().amax() / 127
    inversa = torch.where(escala == 0, 0.0, 1 / escala)
    return [escala, (x * inversa).round().clamp(-127, 127).to(torch.int8)]


def _q8_sin_cero(x):
    escala = x.abs().max().item() / 127
    codigos = [round(v / escala) for v in x.tolist()]
    return escala, torch.tensor(codigos, dtype=torch.int8)


def _q8_con_signo(x):
    escala = x.max() / 127
    if escala == 0:
        return escala, torch.zeros(32, dtype=torch.int8)
    return escala, torch.round(x / escala).clamp(-127, 127).to(torch.int8)


def _costo(precio, lee, escribe, consigna, respuesta):
    return 1e6 * precio / 3600 * (consigna / lee + respuesta / escribe) / respuesta


def _costo_por_peticiones(precio, lee, escribe, consigna, respuesta):
    peticiones = 1_000_000 / respuesta
    horas = peticiones * (consigna / lee + respuesta / escribe) / 3600
    return precio * horas


def _costo_en_torch(precio, lee, escribe, consigna, respuesta):
    valores = (precio, lee, escribe, consigna, respuesta)
    p, v, e, n, m = (torch.tensor(float(x), dtype=torch.float64) for x in valores)
    return p * 1e6 / 3600 * (n / (v * m) + 1 / e)


BUENAS = {
    "13-podar": [_con_argsort, _con_umbral, _con_topk],
    "13-q8": [_q8, _q8_con_listas, _q8_con_donde],
    "13-costo": [_costo, _costo_por_peticiones, _costo_en_torch],
}
MALAS = [
    ("13-podar", lambda W, parte: W, "faltan los ceros"),
    ("13-podar", _en_su_sitio, "cambió los datos"),
    ("13-podar", _los_mayores, "es al revés"),
    ("13-podar", _con_signo, "valor absoluto"),
    ("13-podar", _por_fila, "fila por fila"),
    ("13-podar", lambda W, p: W * (W.abs() >= p), "no es un umbral"),
    ("13-podar", lambda W, p: (_con_argsort(W, p) != 0).float(), "es la máscara"),
    ("13-podar", _uno_de_mas, "4 ceros y deben ser 3"),
    ("13-podar", lambda W, p: _con_argsort(W, p).abs(), "ni signo, ni escala"),
    ("13-podar", lambda W, p: _con_argsort(W, p).tolist(), "devolvió un list"),
    ("13-q8", lambda x: torch.round(x * 127), "se pide el par"),
    ("13-q8", lambda x: _q8(x)[::-1], "el primero es la escala"),
    ("13-q8", lambda x: _q8(x, divisor=128), "entre 128"),
    ("13-q8", lambda x: _q8(x, divisor=1), "entre 127"),
    ("13-q8", lambda x: _q8(x, redondear=torch.trunc), "cortaste los decimales"),
    ("13-q8", lambda x: _q8(x, tipo=torch.float32), "salieron float32"),
    ("13-q8", _q8_sin_cero, "divide entre cero"),
    ("13-q8", lambda x: _q8(x) if x.any() else (0.0, x), "también van en int8"),
    ("13-q8", _q8_con_signo, "con signo"),
    ("13-q8", lambda x: (*_q8(x), x), "devolviste 3 valores"),
    ("13-q8", lambda x: (_q8(x)[0], _q8(x)[1] - _q8(x)[1]), "divide por la escala"),
    ("13-costo", lambda p, v, e, n, m: 1e6 * p / 3600 / e, "falta la lectura"),
    ("13-costo", lambda *c: _costo(*c) * 3600, "por hora"),
    ("13-costo", lambda *c: _costo(*c) / 1e6, "el de un token"),
    (
        "13-costo",
        lambda p, v, e, n, m: _costo(p, v, e, n, m) * m / (n + m),
        "tokens escritos",
    ),
    ("13-costo", lambda p, v, e, n, m: _costo(p, v, e, n, m) * m, "de peticiones"),
    ("13-costo", lambda p, v, e, n, m: _costo(p, e, e, n, m), "distinta velocidad"),
    ("13-costo", lambda *c: f"{_costo(*c):.2f}", "debe devolver un número"),
    (
        "13-costo",
        lambda p, v, e, n, m: 2 * _costo(p, v, e, n, m),
        "dio 13.33 y es 6.667",
    ),
]


@pytest.mark.parametrize("ejercicio", BUENAS)
def test_tres_estilos_valen(ejercicio):
    for funcion in BUENAS[ejercicio]:
        assert revisar(ejercicio, funcion) is None


@pytest.mark.parametrize(
    ("ejercicio", "funcion", "pista"), MALAS, ids=[f"{e}-{p}" for e, _, p in MALAS]
)
def test_cada_error_recibe_su_pista(ejercicio, funcion, pista):
    dicha = revisar(ejercicio, funcion)
    assert pista in (dicha or ""), dicha
