"""La lección 06: ejercicios, y la calculadora contra tensores y contra lo publicado.

La calculadora se lee del cuaderno mismo: lo que se prueba es lo que se enseña.
"""

import ast
from collections import namedtuple
from math import ceil

import numpy as np
import pytest
from respuestas import pruebas_de

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import leer

CUADERNO = RAIZ / "notebooks" / "06_memoria.ipynb"
GB = 2**30


@pytest.fixture(scope="module")
def leccion():
    """Las funciones y las tablas de la lección, sin ejecutar nada más."""
    import torch
    import torch.nn.functional as F

    quiero = {"matrices", "contar", "precio", "en_bloques", "entrenables_lora"}
    quiero |= {"por_capa", "presupuesto", "veredicto", "sin_bloques", "Pico"}
    datos = {"Forma", "ADAM", "CONFIGURACIONES", "MODELOS", "TRL", "UNSLOTH"}
    espacio = {"namedtuple": namedtuple, "GB": GB, "torch": torch, "F": F}
    espacio |= {"T4": 14.741 * GB, "JUSTO": "justo"}
    for celda in leer(CUADERNO).cells:
        if celda.cell_type != "code" or celda.id == "06-instalar":
            continue
        for nodo in ast.parse(celda.source).body:
            nombres = {getattr(nodo, "name", None)}
            if isinstance(nodo, ast.Assign | ast.AugAssign):
                blanco = (
                    nodo.targets[0] if isinstance(nodo, ast.Assign) else nodo.target
                )
                nombres = {getattr(blanco, "id", None)} & datos
            importa = isinstance(nodo, ast.Import | ast.ImportFrom)
            if celda.id == "06-pico" and importa or nombres & (quiero | datos):
                exec(ast.unparse(nodo), espacio)
    return espacio


def _total(leccion, nombre, *ajustes, **receta):
    partes = leccion["presupuesto"](leccion["MODELOS"][nombre], *ajustes, **receta)
    return sum(partes.values()) / GB


# --- La calculadora contra lo publicado ---------------------------------------------


def _razones(leccion):
    return {
        (quien, nombre): gb
        / _total(leccion, nombre, "QLoRA", 32, 1, 1024, 256, cuadratica=True)
        for quien in ("TRL", "UNSLOTH")
        for nombre, gb in leccion[quien].items()
    }


def test_ninguna_cifra_publicada_queda_por_debajo_de_la_prediccion(leccion):
    razones = _razones(leccion)
    assert len(razones) == 10
    assert min(razones.values()) >= 1.0
    assert max(razones.values()) == pytest.approx(2.11, abs=0.02)


def test_los_veredictos_no_contradicen_ninguna_corrida_publicada(leccion):
    """Todo lo publicado corrió en una T4: ninguno puede salir «no cabe»."""
    leccion["PEOR"] = max(_razones(leccion).values())
    for nombre in leccion["TRL"]:
        modelo = leccion["MODELOS"][nombre]
        ajustes = ("QLoRA", 32, 1, 1024, 256)
        partes = leccion["presupuesto"](modelo, *ajustes, cuadratica=True)
        dice = leccion["veredicto"](partes)
        assert dice == (
            "cabe"
            if nombre in ("Granite", "Llama 3B", "Gemma 4B", "Qwen2.5-7B", "Llama 8B")
            else "justo"
        )
    setenta = leccion["presupuesto"](leccion["MODELOS"]["Latam-GPT"])
    assert leccion["veredicto"](setenta) == "no cabe"


def test_el_entrenamiento_de_qwen3_14b_pide_lo_publicado(leccion):
    """TRL publica 1,967 GB por encima de lo que había antes del primer paso."""
    ajustes = ("QLoRA", 32, 1, 1024, 256)
    modelo = leccion["MODELOS"]["Qwen3-14B"]
    partes = leccion["presupuesto"](modelo, *ajustes, cuadratica=True)
    quietas = ("bloques", "tabla y normas", "adaptador")
    suyo = sum(v for k, v in partes.items() if k not in quietas) / GB
    assert suyo == pytest.approx(1.967, rel=0.15)


# --- La calculadora contra una cuenta aparte ----------------------------------------


def test_los_tamanos_de_los_modelos(leccion):
    """El número de parámetros que publica cada ficha, en miles de millones."""
    publicado = {"Qwen3-8B": 8.19, "Qwen3-14B": 14.77, "Llama 3B": 3.21}
    publicado |= {"Qwen2.5-7B": 7.61, "Gemma 4B": 3.88, "Latam-GPT": 70.55}
    for nombre, miles in publicado.items():
        total = sum(leccion["contar"](leccion["MODELOS"][nombre]).values())
        assert total / 1e9 == pytest.approx(miles, abs=0.006), nombre


def test_por_trozos_salamandra_sigue_ocupando_mas_que_smollm3(leccion):
    """Lo que dice el texto: la tabla sin atar decide, no el número de parámetros."""
    ajustes = ("QLoRA", 16, 4, 1024, 256)
    totales = [_total(leccion, n, *ajustes) for n in ("Salamandra", "SmolLM3")]
    numeros = [
        sum(leccion["contar"](leccion["MODELOS"][n]).values())
        for n in ("Salamandra", "SmolLM3")
    ]
    assert totales[0] > totales[1] and numeros[0] < numeros[1]


def test_el_paso_de_adam_manda_en_el_ajuste_completo(leccion):
    ajustes = ("completo", 16, 1, 512)
    con_paso = _total(leccion, "Qwen3-0.6B", *ajustes)
    parametros = sum(leccion["contar"](leccion["MODELOS"]["Qwen3-0.6B"]).values())
    assert con_paso == pytest.approx(20 * parametros / GB)
    leccion["ADAM"]["fusionado"] = (8, 0)
    assert _total(leccion, "Qwen3-0.6B", *ajustes, adam="fusionado") < 0.9 * con_paso


def test_la_atencion_sin_nucleo_por_bloques(leccion):
    modelos, sin_bloques = leccion["MODELOS"], leccion["sin_bloques"]
    assert sin_bloques(modelos["Qwen3-4B"], con_mascara=False)
    assert not sin_bloques(modelos["Qwen3-4B"], con_mascara=True)
    assert not sin_bloques(modelos["Qwen3-4B"], False, capacidad=(8, 0))
    assert not sin_bloques(modelos["Salamandra"], con_mascara=False)  # sin grupos
    ajustes = ("QLoRA", 16, 1, 2048, 256)
    de_mas = _total(leccion, "Qwen3-4B", *ajustes, cuadratica=True)
    de_mas -= _total(leccion, "Qwen3-4B", *ajustes)
    cuadrado = 12 * 32 * 2048**2 / GB
    assert 0.7 * cuadrado < de_mas < cuadrado


def test_el_adaptador_en_16_bits_y_adam_de_32(leccion):
    lora = leccion["entrenables_lora"](leccion["MODELOS"]["Qwen3-4B"], 64)
    ajustes = ("QLoRA", 64, 1, 2048, 256)
    nuestro = _total(leccion, "Qwen3-4B", *ajustes)
    en_16 = _total(leccion, "Qwen3-4B", *ajustes, ancho=2)
    adam_32 = _total(leccion, "Qwen3-4B", *ajustes, adam="32 bits")
    assert (nuestro - en_16) * GB == pytest.approx(4 * lora)  # peso y gradiente
    assert (adam_32 - nuestro) * GB == pytest.approx((6 - 8 / 256) * lora)


# --- Las fórmulas contra tensores ---------------------------------------------------


@pytest.mark.parametrize("tipo", ["float32", "bfloat16"])
def test_math_pide_doce_octetos_por_puntaje_en_el_pico(leccion, tipo):
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.nn.functional import scaled_dot_product_attention as sdpa

    def pico(largo, h=4, hk=2, dh=16):
        formas = [(1, x, largo, dh) for x in (h, hk, hk)]
        q, k, v = (
            torch.randn(f, dtype=getattr(torch, tipo), requires_grad=True)
            for f in formas
        )
        with sdpa_kernel(SDPBackend.MATH), leccion["Pico"]([q, k, v]) as medidor:
            sdpa(q, k, v, is_causal=True, enable_gqa=True).sum().backward()
        return max(medidor.historia)

    # con dos largos, lo que crece como el largo se cancela
    cuadratico = (pico(512) - 2 * pico(256)) / (2 * 4 * 256**2)
    assert cuadratico == pytest.approx(12, abs=0.5)


@pytest.mark.parametrize(("modo", "octetos"), [("foreach", 4), ("fused", 0)])
def test_lo_que_pide_el_paso_de_adamw(leccion, modo, octetos):
    import torch

    pesos = [torch.nn.Parameter(torch.randn(64, 64)) for _ in range(6)]
    adam = torch.optim.AdamW(pesos, lr=1e-3, **{modo: True})
    for p in pesos:
        p.grad = torch.randn_like(p)
    adam.step()
    previos = [*pesos, *(p.grad for p in pesos)]
    previos += [t for e in adam.state.values() for t in e.values()]
    with leccion["Pico"](previos) as medidor:
        adam.step()
    numeros = sum(p.numel() for p in pesos)
    assert max(medidor.historia) / numeros == pytest.approx(octetos, abs=0.05)


# --- Los ejercicios -----------------------------------------------------------------


def _nf4(formas, doble):
    total = 0
    for sal, ent in formas:
        bloques = ceil(sal * ent / 64)
        suma = ceil(sal * ent / 2) + 64
        suma += bloques + 4 * ceil(bloques / 256) + 1028 if doble else 4 * bloques
        total += suma
    return total


def _nf4_de_todas(formas, doble):
    """Los grupos de 256 máximos, mal: de todas las matrices a la vez."""
    if not doble:
        return _nf4(formas, doble)
    bloques = sum(ceil(sal * ent / 64) for sal, ent in formas)
    fijo = sum(ceil(sal * ent / 2) + 64 + 1028 for sal, ent in formas)
    return fijo + bloques + 4 * ceil(bloques / 256)


def _bajar(costo, libres):
    lote = 1
    while costo(lote) <= libres:
        lote *= 2
    while lote and costo(lote) > libres:
        lote -= 1
    return lote


def _recta(costo, libres):
    fijo = costo(0)
    return (libres - fijo) // (costo(1) - fijo)


BUENAS = [
    ("06-nf4", _nf4),
    ("06-nf4", lambda formas, doble: np.int64(_nf4(formas, doble))),
    ("06-nf4", lambda formas, doble: sum(_nf4([f], doble) for f in formas)),
    ("06-logits", lambda V, lote, libres: libres // (12 * V * lote)),
    ("06-logits", lambda V, lote, libres: np.int64(libres) // np.int64(12 * V * lote)),
    ("06-logits", lambda V, lote, libres: int(libres / V / lote / 12)),
    ("06-lote", _bajar),
    ("06-lote", lambda c, m: sum(c(x) <= m for x in range(1, 1000))),
    ("06-lote", lambda c, m: np.int64(_bajar(c, m))),
]
ERRORES = [
    ("06-nf4", lambda f, d: sum(s * e // 2 for s, e in f), "solo los pesos"),
    ("06-nf4", lambda f, d: _nf4(f, not d), "al revés"),
    ("06-nf4", lambda f, d: _nf4(f[-1:], d), "sumar lo de todas"),
    ("06-nf4", lambda f, d: _nf4(f, d) - 64 * len(f), "faltan las tablas"),
    ("06-nf4", lambda f, d: _nf4(f, d) - 4 * len(f) * d, "promedio"),
    ("06-nf4", lambda f, d: _nf4(f, d) - 1024 * len(f) * d, "256 valores"),
    ("06-nf4", _nf4_de_todas, "en cada matriz"),
    ("06-nf4", lambda f, d: None, "return"),
    ("06-nf4", 2112, "la función misma"),
    ("06-logits", lambda V, lote, libres: libres // (12 * V), "falta el lote"),
    ("06-logits", lambda V, lote, libres: libres // (4 * V * lote), "tres matrices"),
    ("06-logits", lambda V, lote, libres: libres // (6 * V * lote), "no de 16"),
    ("06-logits", lambda V, lote, libres: libres / (12 * V * lote), "usa `//`"),
    ("06-logits", lambda V, lote, libres: libres // (12 * V), "falta el lote"),
    ("06-logits", lambda V, lote, libres: 1 + libres // (12 * V * lote), "un token"),
    ("06-logits", lambda V, lote, libres: libres // (3 * V * lote), "no octetos"),
    ("06-lote", lambda c, m: max(0, _recta(c, m)), "no siempre es una recta"),
    ("06-lote", _recta, "es 0"),
    ("06-lote", lambda c, m: sum(c(x) <= m for x in range(1, 101)), "un tope fijo"),
    ("06-lote", lambda c, m: 1 + _bajar(c, m), "te pasas por uno"),
    ("06-lote", lambda c, m: _bajar(c, m - 1), "sí cabe"),
    ("06-lote", lambda c, m: max(1, _bajar(c, m)), "es 0"),
    ("06-lote", lambda c, m: float(_bajar(c, m)) + 0.5, "redondea hacia abajo"),
    ("06-lote", lambda c, m: 7, "al límite"),
    ("06-lote", lambda c, m: m // c(1), "sobra lugar"),
    ("06-lote", lambda c, m: c(1) <= m, "bool"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
