"""La lección 15: sus ejercicios, y que lo que dice de su estudio es lo medido."""

import math
import re

import pytest
from respuestas import pruebas_de

torch = pytest.importorskip("torch")
F = torch.nn.functional


def _con_patron(destino, bien, mal, banderas=re.IGNORECASE, veces=1):
    def poner(hallado):
        return mal.capitalize() if hallado[0][0].isupper() else mal

    patron = rf"\b{re.escape(bien)}\b"
    nueva = re.sub(patron, poner, destino, count=veces, flags=banderas)
    return None if nueva == destino else nueva


def _con_busqueda(destino, bien, mal):
    hallado = re.search(rf"(?<!\w){bien}(?!\w)", destino, re.IGNORECASE)
    if bien == mal or not hallado:
        return None
    i, j = hallado.span()
    otra = mal[0].upper() + mal[1:] if destino[i].isupper() else mal
    return destino[:i] + otra + destino[j:]


def _a_mano(destino, bien, mal):
    if bien == mal:
        return None
    baja = destino.lower()
    for i in range(len(destino)):
        j = i + len(bien)
        antes = i == 0 or not baja[i - 1].isalpha()
        despues = j >= len(baja) or not baja[j].isalpha()
        if baja[i:j] == bien and antes and despues:
            puesta = mal.capitalize() if destino[i].isupper() else mal
            return destino[:i] + puesta + destino[j:]
    return None


def _sin_none(destino, bien, mal):
    return _con_patron(destino, bien, mal) or destino


def _media_palabra(destino, bien, mal):
    entera = _con_busqueda(destino, bien, mal)
    return entera or (re.sub(rf"\b{bien}", mal, destino) if bien in destino else None)


def _sin_mayuscula(destino, bien, mal):
    return re.sub(rf"\b{bien}\b", mal, destino, count=1, flags=re.I)


def _todo_con_mayuscula(destino, bien, mal):
    nueva = re.sub(rf"\b{bien}\b", mal, destino.lower(), count=1)
    return None if nueva == destino.lower() else nueva.capitalize()


def _logsigmoide(buena, mala, ref_buena, ref_mala, beta):
    delta = (buena - ref_buena) - (mala - ref_mala)
    return -F.logsigmoid(beta * delta).mean()


def _softplus(buena, mala, ref_buena, ref_mala, beta):
    return F.softplus(-beta * (buena - mala - ref_buena + ref_mala)).mean()


def _entropia(buena, mala, ref_buena, ref_mala, beta):
    delta = beta * (buena - ref_buena - mala + ref_mala)
    return F.binary_cross_entropy_with_logits(delta, torch.ones_like(delta))


def _con_log(buena, mala, ref_buena, ref_mala, beta):
    delta = (buena - ref_buena) - (mala - ref_mala)
    return -torch.log(torch.sigmoid(beta * delta)).mean()


def _ventajas(recompensas, por_grupo, correccion=1, exponente=1):
    grupos = recompensas.reshape(-1, por_grupo)
    desvio = grupos.std(1, keepdim=True, correction=correccion) ** exponente
    centro = grupos - grupos.mean(1, keepdim=True)
    return (centro / (desvio + 1e-4)).flatten()


def _en_bucle(recompensas, por_grupo):
    partes = []
    for grupo in recompensas.split(por_grupo):
        partes.append((grupo - grupo.mean()) / (grupo.std() + 1e-4))
    return torch.cat(partes)


def _sin_torch(recompensas, por_grupo):
    valores, salida = recompensas.tolist(), []
    for i in range(0, len(valores), por_grupo):
        grupo = valores[i : i + por_grupo]
        media = sum(grupo) / len(grupo)
        varianza = sum((v - media) ** 2 for v in grupo) / (len(grupo) - 1)
        salida += [(v - media) / (math.sqrt(varianza) + 1e-4) for v in grupo]
    return torch.tensor(salida)


def _sin_epsilon(recompensas, por_grupo):
    grupos = recompensas.reshape(-1, por_grupo)
    desvio = grupos.std(1, keepdim=True)
    return ((grupos - grupos.mean(1, keepdim=True)) / desvio).flatten()


BUENAS = {
    "15-par": [_con_patron, _con_busqueda, _a_mano],
    "15-dpo": [_logsigmoide, _softplus, _entropia],
    "15-ventaja": [_ventajas, _en_bucle, _sin_torch],
}
MALAS = [
    ("15-par", lambda d, b, m: d.replace(b, m), "con mayúscula"),
    ("15-par", _sin_mayuscula, "con mayúscula"),
    (
        "15-par",
        lambda d, b, m: d.replace(b, m).replace(b.capitalize(), m.capitalize()),
        "palabra entera",
    ),
    ("15-par", lambda d, b, m: _con_patron(d, b, m, veces=0), "solo la primera vez"),
    ("15-par", _todo_con_mayuscula, "mayúsculas se quedan"),
    ("15-par", _sin_none, "no hay par"),
    ("15-par", _media_palabra, "dentro de «tomabas»"),
    ("15-par", lambda d, b, m: _con_patron(d, b, m, 0), "sí hay par"),
    ("15-par", lambda d, b, m: d, "solo cambia"),
    ("15-par", lambda d, b, m: [d], "un texto o None"),
    ("15-dpo", lambda a, b, c, d, e: _logsigmoide(a, b, 0, 0, e), "la referencia"),
    ("15-dpo", lambda a, b, c, d, e: _logsigmoide(b, a, d, c, e), "al revés"),
    ("15-dpo", lambda a, b, c, d, e: _logsigmoide(a, b, c, d, 1), "por beta"),
    ("15-dpo", lambda *x: -_logsigmoide(*x), "signo menos"),
    ("15-dpo", lambda *x: 2 * _logsigmoide(*x), "se promedian"),
    (
        "15-dpo",
        lambda a, b, c, d, e: torch.sigmoid(e * (a - c - b + d)).mean(),
        "falta su logaritmo",
    ),
    ("15-dpo", lambda a, b, c, d, e: _logsigmoide(a, b, -c, -d, e), "no se suma"),
    (
        "15-dpo",
        lambda a, b, c, d, e: -F.logsigmoid(e * (a - c - b + d)),
        "falta el promedio",
    ),
    (
        "15-dpo",
        lambda a, b, c, d, e: -F.logsigmoid(e * (a - c - b + d).mean()),
        "después el promedio",
    ),
    ("15-dpo", _con_log, "da infinito"),
    ("15-ventaja", lambda r, n: r, "tal cual"),
    ("15-ventaja", lambda r, n: r - r.mean(), "de cada grupo"),
    (
        "15-ventaja",
        lambda r, n: (r - r.mean()) / (r.std() + 1e-4),
        "no las de todas",
    ),
    ("15-ventaja", lambda r, n: _ventajas(r, n, correccion=0), "n − 1"),
    ("15-ventaja", lambda r, n: _ventajas(r, n, exponente=2), "no la varianza"),
    ("15-ventaja", lambda r, n: -_ventajas(r, n), "al revés"),
    ("15-ventaja", _sin_epsilon, "dividir entre cero"),
    ("15-ventaja", lambda r, n: _ventajas(r, 4 if len(r) % 4 == 0 else 3), "de 2"),
    ("15-ventaja", lambda r, n: _ventajas(r, len(r) // 2), "`por_grupo`"),
    ("15-ventaja", lambda r, n: _ventajas(r, n).reshape(-1, n), "en una fila"),
    (
        "15-ventaja",
        lambda r, n: (r.reshape(-1, n) - r.reshape(-1, n).mean(1, True)).flatten(),
        "falta dividir",
    ),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, MALAS)


# --- El estudio ---------------------------------------------------------------------


def test_la_diferencia_es_pareada():
    """Cuenta lo que arregla y lo que estropea, y su intervalo es sobre las filas."""
    estudio = pytest.importorskip("herramientas.medidas.estudio_preferencias")
    igual = estudio.diferencia("0011", ["0011", "0011"])
    assert igual["puntos"] == igual["bajo"] == igual["alto"] == 0
    assert igual["arregla"] == igual["estropea"] == 0
    hecha = estudio.diferencia("0011", ["0111", "0101"])
    assert (hecha["arregla"], hecha["estropea"]) == (2, 1)
    assert hecha["semillas"] == [0.25, 0.0] and hecha["puntos"] == 0.125
    mejoras = torch.tensor([0.0, 1.0, -0.5, 0.0])
    error = 1.96 * (mejoras.std() / 2).item()
    assert hecha["alto"] == pytest.approx(0.125 + error, abs=1e-4)
    assert hecha["bajo"] == pytest.approx(0.125 - error, abs=1e-4)


def _probado(estudio, aciertos: dict) -> dict:
    """Un informe con lo probado, y en cada punto esos aciertos."""
    return {
        "medidas": [
            {"fase": "elegir", "brazo": b, "beta": beta, "tasa": tasa}
            | dict.fromkeys(estudio.N, "1" * aciertos.get((b, tasa), 2))
            for b, beta, tasa in estudio.PROBAR
        ]
    }


def test_elige_lo_que_mas_acierta_y_nada_si_falta_algo():
    estudio = pytest.importorskip("herramientas.medidas.estudio_preferencias")
    menor, mayor = estudio.TASAS
    informe = _probado(estudio, {("DPO", mayor): 3, ("GRPO", mayor): 1})
    tasas = {brazo: tasa for brazo, _, tasa in estudio.elegir(informe)}
    assert tasas == {"DPO": mayor, "GRPO": menor, "más SFT": menor}
    informe["medidas"].pop()
    assert estudio.elegir(informe) == []
    assert {p["fase"] for p in estudio.puntos(7)} >= {"elegir"}


def test_lo_guardado_es_lo_que_sale_de_sus_medidas():
    estudio = pytest.importorskip("herramientas.medidas.estudio_preferencias")
    from herramientas.medidas.estudios import leer_informe, ruta_de

    informe = leer_informe(ruta_de("estudio_preferencias"))
    hecho = estudio.resumir(informe)
    assert informe["resumen"] == hecho["resumen"]
    assert informe["elegido"] == hecho["elegido"] and len(hecho["elegido"]) == 3
