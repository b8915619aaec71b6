"""Los ejercicios de la lección 16, sus bloques, sus configuraciones y su curva."""

import importlib
import json
import os
import pickle
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from respuestas import pruebas_de

from herramientas.archivos import RESULTADOS
from herramientas.medidas.celdas import Leccion

NADA = float("nan")


# --- El anillo ----------------------------------------------------------------------


def _en_anillo(vectores):
    p = len(vectores)
    tienen = [list(v) for v in vectores]
    for vuelta in range(p - 1):
        envios = [(i, (i - vuelta) % p) for i in range(p)]
        valores = [tienen[i][k] for i, k in envios]
        for (i, k), valor in zip(envios, valores, strict=True):
            tienen[(i + 1) % p][k] += valor
    for vuelta in range(p - 1):
        envios = [(i, (i + 1 - vuelta) % p) for i in range(p)]
        valores = [tienen[i][k] for i, k in envios]
        for (i, k), valor in zip(envios, valores, strict=True):
            tienen[(i + 1) % p][k] = valor
    return tienen, 2 * (p - 1)


def _en_tupla(vectores):
    tienen, mandados = _en_anillo(vectores)
    return tuple(tuple(t) for t in tienen), float(mandados)


def _con_numpy(vectores):
    import numpy as np

    matriz, p = np.array(vectores), len(vectores)
    for vuelta in range(p - 1):
        copia = matriz.copy()
        for i in range(p):
            k = (i - vuelta) % p
            matriz[(i + 1) % p, k] += copia[i, k]
    for k in range(p):
        matriz[:, k] = matriz[(k - 1) % p, k]
    return matriz, np.int64(2 * (p - 1))


def _una_ronda(vectores):
    p, tienen = len(vectores), [list(v) for v in vectores]
    for vuelta in range(p - 1):
        copia = [list(t) for t in tienen]
        for i in range(p):
            k = (i - vuelta) % p
            tienen[(i + 1) % p][k] += copia[i][k]
    return tienen, p - 1


def _sumas(vectores):
    return [sum(t) for t in zip(*vectores, strict=True)]


# --- La pérdida ---------------------------------------------------------------------


def _ponderada(partes):
    suma = tokens = 0
    for perdida, cuantos in partes:
        if cuantos > 0:
            suma += perdida * cuantos
            tokens += cuantos
    return suma / tokens if tokens else 0


def _con_torch(partes):
    import torch

    perdidas, tokens = torch.tensor(partes, dtype=torch.float64).T
    return (perdidas.nan_to_num() * tokens).sum() / tokens.sum().clamp(min=1)


def _con_average(partes):
    import numpy as np

    vivas = [x for x in partes if x[1]]
    if not vivas:
        return 0.0
    perdidas, tokens = zip(*vivas, strict=True)
    return np.average(perdidas, weights=tokens)


# --- Slurm --------------------------------------------------------------------------


def _pedido(guion):
    opciones = {}
    for linea in guion.split("\n"):
        if not linea.strip() or (linea[0] == "#" and not linea.startswith("#SBATCH")):
            continue
        if not linea.startswith("#SBATCH"):
            return opciones
        clave, igual, valor = linea.removeprefix("#SBATCH --").partition("=")
        opciones[clave] = valor if igual else True
    return opciones


def _con_patron(guion):
    cabeza = re.match(r"(?:[ \t]*(?:#.*)?\n)*", guion)[0]
    hallados = re.findall(r"^#SBATCH --([\w-]+)(=?)(.*)$", cabeza, re.M)
    return {clave: valor if igual else True for clave, igual, valor in hallados}


def _con_takewhile(guion):
    from itertools import takewhile

    utiles = (x for x in guion.splitlines() if x.strip())
    cabeza = takewhile(lambda x: x.startswith("#"), utiles)
    partes = (x.split("--", 1)[1].split("=", 1) for x in cabeza if "#SBATCH" in x)
    return {p[0]: p[1] if len(p) > 1 else True for p in partes}


def _todas(guion):
    lineas = [x for x in guion.splitlines() if x.startswith("#SBATCH")]
    partes = [x.split("--", 1)[1].split("=", 1) for x in lineas]
    return {p[0]: p[1] if len(p) > 1 else True for p in partes}


def _hasta_el_vacio(guion):
    return _todas(guion.split("\n\n")[0])


BUENAS = {
    "16-anillo": [_en_anillo, _en_tupla, _con_numpy],
    "16-perdida": [_ponderada, _con_torch, _con_average],
    "16-sbatch": [_pedido, _con_patron, _con_takewhile],
}
ERRORES = [
    ("16-anillo", lambda v: ([_sumas(v) for _ in v], len(v)), "cada uno manda"),
    ("16-anillo", lambda v: [_sumas(v) for _ in v], "dos cosas"),
    ("16-anillo", _una_ronda, "un solo trozo completo"),
    ("16-anillo", lambda v: (_en_anillo(v)[0], len(v) - 1), "contaste una ronda"),
    (
        "16-anillo",
        lambda v: (_en_anillo(v)[0], 2 * len(v) * (len(v) - 1)),
        "lo que mandan todos",
    ),
    (
        "16-anillo",
        lambda v: ([[x / len(v) for x in _sumas(v)] for _ in v], 2 * (len(v) - 1)),
        "eso es el promedio",
    ),
    ("16-anillo", lambda v: (v, 2 * (len(v) - 1)), "nadie recibió nada"),
    ("16-anillo", lambda v: ([_sumas(v)], 2 * (len(v) - 1)), "una por cada uno"),
    ("16-perdida", lambda x: sum(p for p, _ in x) / len(x), "pesa igual a cada proce"),
    ("16-perdida", lambda x: sum(p * t for p, t in x), "falta dividir"),
    ("16-perdida", lambda x: sum(p * t for p, t in x) / len(x), "entre los procesos"),
    (
        "16-perdida",
        lambda x: sum(p * t for p, t in x) / sum(t for _, t in x),
        "salió `nan`",
    ),
    (
        "16-perdida",
        lambda x: sum(p * t for p, t in x if t) / sum(t for _, t in x),
        "entre cero",
    ),
    ("16-perdida", lambda x: None, "¿Falta `return`?"),
    ("16-sbatch", _todas, "Slurm ya no la lee"),
    ("16-sbatch", _hasta_el_vacio, "no cortan"),
    ("16-sbatch", lambda g: {f"--{k}": v for k, v in _pedido(g).items()}, "guiones"),
    (
        "16-sbatch",
        lambda g: {f"{k}={v}": True for k, v in _pedido(g).items()},
        "por el «=»",
    ),
    (
        "16-sbatch",
        lambda g: {k: v for k, v in _pedido(g).items() if v is not True},
        "una opción sin «=» también",
    ),
    (
        "16-sbatch",
        lambda g: {k: "" if v is True else v for k, v in _pedido(g).items()},
        "vale True",
    ),
    ("16-sbatch", lambda g: {}, "no hallaste ninguna"),
    ("16-sbatch", lambda g: list(_pedido(g)), "un diccionario"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)


# --- Los bloques --------------------------------------------------------------------

pytest.importorskip("datatrove")


@pytest.fixture(scope="module")
def bloques(tmp_path_factory):
    """Los dos módulos que guarda la lección, desde una carpeta, como en su programa."""
    carpeta = tmp_path_factory.mktemp("bloques")
    celdas = dict(Leccion("16_escala").celdas())
    for ident in ("16-bloques", "16-bloques-mas"):
        orden, _, codigo = celdas[ident].partition("\n")
        (carpeta / orden.split()[1]).write_text(codigo, encoding="utf-8")
    with pytest.MonkeyPatch.context() as parche:
        parche.syspath_prepend(str(carpeta))
        parche.setenv("PYTHONPATH", str(carpeta), prepend=os.pathsep)
        uno, otro = map(importlib.import_module, ("bloques", "mas_bloques"))
        yield SimpleNamespace(**vars(otro), SoloLengua=uno.SoloLengua)
        for nombre in ("bloques", "mas_bloques"):
            sys.modules.pop(nombre)


def _documento(texto, **campos):
    from datatrove.data import Document

    return Document(text=texto, id="x", metadata=campos)


LARGO_ES = "La señora abrió la ventana para mirar la calle, donde jugaban los niños."
LARGO_PT = "A senhora abriu a janela para olhar a rua, onde as crianças brincavam."
CASOS = [
    ("SoloCampo", ("licencia", ["CC0 1.0"]), "a", {"licencia": "CC0 1.0"}, True),
    ("SoloCampo", ("licencia", ["CC0 1.0"]), "a", {"licencia": "otra"}, False),
    ("SoloLengua", ("es", ["es", "pt"]), LARGO_ES, {}, True),
    ("SoloLengua", ("es", ["es", "pt"]), LARGO_PT, {}, False),
]


@pytest.mark.parametrize(("clase", "estado", "texto", "campos", "pasa"), CASOS)
def test_los_filtros_llevan_su_estado(bloques, clase, estado, texto, campos, pasa):
    bloque = getattr(bloques, clase)(*estado)
    viajado = pickle.loads(pickle.dumps(bloque))
    for uno in (bloque, viajado):
        assert uno.filter(_documento(texto, **campos)) is pasa


def test_los_que_cambian_el_texto_llevan_su_estado(bloques):
    quitar = pickle.loads(pickle.dumps(bloques.QuitarLineas(["Inicio | Mapa"])))
    assert quitar.format("Inicio | Mapa\nhola") == "hola"
    tapar = pickle.loads(pickle.dumps(bloques.Tapar({"CORREO": r"\S+@\S+"})))
    assert tapar.format("a luna@example.org, hoy") == "a [CORREO] hoy"


def test_un_proceso_nuevo_elige_entre_las_mismas_lenguas(bloques, tmp_path):
    """Con todas sus lenguas, py3langid diría otra cosa: el estado viaja."""
    bloque = bloques.SoloLengua("en", ["en", "pt"])
    (tmp_path / "bloque.pkl").write_bytes(pickle.dumps(bloque))
    codigo = (
        "import pickle, sys; from datatrove.data import Document; "
        "b = pickle.load(open(sys.argv[1], 'rb')); "
        "print(b.filter(Document(text=sys.argv[2], id='x')))"
    )
    orden = [sys.executable, "-c", codigo, str(tmp_path / "bloque.pkl"), LARGO_ES]
    dicho = subprocess.run(orden, capture_output=True, text=True, check=True).stdout
    assert dicho.strip() == "False"  # entre inglés y portugués, se parece al portugués


# --- Lo que dice el cuaderno --------------------------------------------------------


def _celdas():
    return dict(Leccion("16_escala").celdas())


def test_deepspeed_acepta_y_rechaza_lo_que_dice_la_leccion():
    config = pytest.importorskip("deepspeed.runtime.config").DeepSpeedConfig
    codigo = _celdas()["16-deepspeed"]
    espacio = {}
    exec(codigo[codigo.index("zero3 = ") : codigo.index("leido = ")], espacio)
    assert config(espacio["zero3"]).zero_config.stage == 3
    for roto in espacio["rotos"]:
        with pytest.raises((ValueError, AssertionError)):
            config(roto)


def test_la_forma_de_70_mil_millones_es_la_de_las_medidas():
    from herramientas.medidas.formas import FORMAS, octetos_en_nf4

    forma = FORMAS["llama-3.1-70b"]
    espacio = {}
    exec(_celdas()["16-cuenta"], espacio)
    assert espacio["total_70"] == forma.parametros
    pesos = 1e9 * espacio["por_tarjeta"]("QLoRA", 1, 512)["pesos"]
    assert pesos == pytest.approx(octetos_en_nf4(forma), rel=0.005)


def test_la_curva_trae_todos_sus_puntos():
    from herramientas.medidas.curva_escala import puntos

    informe = json.loads((RESULTADOS / "curva_escala.json").read_text("utf-8"))
    medidas = informe["medidas"]
    claves = ("ancho", "tokens", "azar")
    assert [{c: m[c] for c in claves} for m in medidas] == puntos()
    for ancho in {m["ancho"] for m in medidas}:
        curva = sorted((m["tokens"], m["nats"]) for m in medidas if m["ancho"] == ancho)
        assert curva[0][1] > curva[-1][1], "con más texto no baja"
