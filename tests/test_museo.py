"""El museo de errores: sus salas, su índice, lo que de verdad se lee y sus ejercicios.

Cada sala es cuatro celdas: qué pasa, la que falla, cómo se lee y la que lo comprueba
curado. Ninguna falla se lanza a mano.
"""

import ast
import math
import os
import re
import subprocess
import sys

import pytest
from reglas.celdas import arbol
from respuestas import pruebas_de

from herramientas.archivos import NOTEBOOKS, RAIZ
from herramientas.cuadernos import nucleo
from herramientas.cuadernos.leer import encabezados, etiquetas, leer
from herramientas.cuadernos.salidas import textos
from taller.esquemas import ESQUEMAS

RUTA = NOTEBOOKS / "museo_de_errores.ipynb"
CUADERNO = leer(RUTA)
CELDAS = {c.id: c for c in CUADERNO.cells}
SALAS = sorted(i[6:8] for i in CELDAS if re.fullmatch(r"museo-\d\d-falla", i))
# Una fila del índice: el trozo de mensaje y el ancla de su sala.
FILA = re.compile(r"^\| `+ ?(.+?) ?`+ \| \[sala (\d+)\]\(#(.+?)\) \|$", re.M)
INDICE = [
    (f"{int(n):02d}", trozo, ancla)
    for trozo, n, ancla in FILA.findall(CELDAS["museo-indice"].source)
]
PAGINA = (RAIZ / "book" / "cuando_algo_va_mal.md").read_text("utf-8")


def ancla_de(titulo: str) -> str:
    """El ancla que el sitio da a un encabezado."""
    return re.sub(r"[^\w\- ]", "", titulo.lower()).replace(" ", "-")


ANCLAS = {
    ancla_de(titulo)
    for celda in CUADERNO.cells
    for nivel, titulo in encabezados(celda)
    if nivel == 3
}


def lo_dicho(celda) -> str:
    """Lo que se lee en una celda ejecutada, sin colores."""
    todo = "\n".join(
        f"{s.get('ename', '')}: " * (s.output_type == "error") + t
        for s in celda.outputs
        for t in textos(s)
    )
    return nucleo.COLOR.sub("", todo)


# --- Las salas ----------------------------------------------------------------------


def test_hay_al_menos_veinte_salas_seguidas():
    assert len(SALAS) >= 20
    assert list(map(int, SALAS)) == list(range(1, len(SALAS) + 1))
    assert f"curar {len(SALAS)} averías" in CELDAS["museo-portada"].source


@pytest.mark.parametrize("n", SALAS)
def test_cada_sala_falla_se_lee_y_se_cura(n):
    orden = [c.id for c in CUADERNO.cells]
    aqui = orden.index(f"museo-{n}-falla")
    partes = ["sala", "falla", "lee", "cura"]
    assert orden[aqui - 1 : aqui + 3] == [f"museo-{n}-{p}" for p in partes]
    assert f"### Sala {int(n)}: " in CELDAS[f"museo-{n}-sala"].source
    lee = CELDAS[f"museo-{n}-lee"].source
    assert lee.startswith("**Cómo se lee.**") and "\n\n**La cura.** " in lee
    cura = CELDAS[f"museo-{n}-cura"]
    asertos = [a for a in ast.walk(arbol(cura)) if isinstance(a, ast.Assert)]
    assert asertos, f"la cura de la sala {n} no comprueba nada"
    assert not any(isinstance(a.test, ast.Constant) for a in asertos)
    assert "raises-exception" not in etiquetas(cura)


@pytest.mark.parametrize("n", SALAS)
def test_ninguna_falla_se_lanza_a_mano(n):
    """Ni `raise`, ni un `assert`, ni un error escrito por nosotros."""
    for nodo in ast.walk(arbol(CELDAS[f"museo-{n}-falla"])):
        assert not isinstance(nodo, ast.Raise | ast.Assert), f"sala {n}"
        nombre = getattr(nodo, "id", getattr(nodo, "attr", ""))
        assert not re.search(r"(Error|Exception)$", str(nombre)), f"sala {n}: {nombre}"


def test_la_sala_2_se_cura_tambien_donde_python_guarda_lo_compilado(tmp_path):
    """Donde se guarda, un .pyc vale si casan el segundo y el tamaño de su fuente."""
    programa = "\n".join(
        [
            "import os, subprocess, sys\nfrom pathlib import Path",
            f"carpeta = Path({str(tmp_path)!r})",
            "def en_otro_python(codigo, **entorno):",
            "    orden = [sys.executable, '-c', codigo]",
            "    entorno = os.environ | entorno",
            "    return subprocess.run(",
            "        orden, env=entorno, capture_output=True, text=True",
            "    )",
            "try:",
            *(f"    {x}" for x in CELDAS["museo-02-falla"].source.splitlines()),
            "except ImportError as error:",
            "    print(error)",
            CELDAS["museo-02-cura"].source,
        ]
    )
    entorno = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    hecho = subprocess.run(
        [sys.executable, "-c", programa], env=entorno, capture_output=True, text=True
    )
    assert hecho.returncode == 0, hecho.stderr
    assert "cannot import name 'hornear'" in hecho.stdout
    assert list((tmp_path / "recetas").rglob("*.pyc"))


def test_el_hub_de_mentira_sigue_vivo_para_repetir_la_sala():
    """Ninguna celda lo apaga, y la sala 5 vuelve a poner sus esperas."""
    assert not any("shutdown" in c.source for c in CUADERNO.cells)
    assert "Hub.quedan = 3" in CELDAS["museo-05-falla"].source
    assert (
        "daemon=True" in CELDAS["museo-hub"].source + CELDAS["museo-hub-abrir"].source
    )


def test_lo_que_falla_con_error_lo_dice():
    """Una sala sin error de biblioteca deja lo que se ve en una línea impresa."""
    for n in SALAS:
        celda = CELDAS[f"museo-{n}-falla"]
        if "raises-exception" not in etiquetas(celda):
            assert "print(" in celda.source, f"la sala {n} no muestra nada"


def test_el_esquema_reparte_las_salas_como_son():
    """En naranja, las que dejan un mensaje de la biblioteca; en gris, las demás."""
    svg = (ESQUEMAS / "museo.svg").read_text("utf-8")
    dichos = [t for t in re.findall(r"<text[^>]*>([\d ]+)</text>", svg) if t.strip()]
    callan = {"8", "13", "14", "18", "21", "22", "24", "27"}
    avisan, calladas = set(), set()
    for dicho in dichos:
        salas = set(dicho.split())
        (calladas if salas <= callan else avisan).update(salas)
    assert avisan | calladas == {str(int(n)) for n in SALAS} and not avisan & callan
    con_error = {
        str(int(n))
        for n in SALAS
        if "raises-exception" in etiquetas(CELDAS[f"museo-{n}-falla"])
    }
    assert con_error <= avisan and calladas == callan


# --- El índice ----------------------------------------------------------------------


def test_el_indice_nombra_cada_sala_una_vez_y_sus_enlaces_existen():
    assert [n for n, _, _ in INDICE] == SALAS
    assert len({trozo for _, trozo, _ in INDICE}) == len(SALAS)
    for n, _, ancla in INDICE:
        assert ancla in ANCLAS and ancla.startswith(f"sala-{int(n)}-")


@pytest.mark.parametrize(("n", "trozo"), [f[:2] for f in INDICE])
def test_el_mensaje_del_indice_esta_en_lo_guardado(n, trozo):
    assert trozo in lo_dicho(CELDAS[f"museo-{n}-falla"])


@pytest.fixture(scope="module")
def ejecutado():
    """El museo, recién ejecutado en un núcleo nuevo."""
    cuaderno = leer(RUTA)
    nucleo.ejecutar(cuaderno, NOTEBOOKS, limite=300)
    return {c.id: c for c in cuaderno.cells}


@pytest.mark.lento
def test_el_mensaje_del_indice_es_el_que_se_lee_hoy(ejecutado):
    """nbval no compara los mensajes: aquí se nota si una biblioteca los cambia."""
    faltan = [
        f"sala {n}: «{trozo}»"
        for n, trozo, _ in INDICE
        if trozo not in lo_dicho(ejecutado[f"museo-{n}-falla"])
    ]
    assert not faltan, faltan


def test_cuando_algo_va_mal_lleva_a_todas_las_salas():
    dichas = re.findall(r"\[museo, sala (\d+)\]\((\S+?)#(\S+?)\)", PAGINA)
    assert {f"{int(n):02d}" for n, _, _ in dichas} == set(SALAS)
    for n, ruta, ancla in dichas:
        assert ruta == "../notebooks/museo_de_errores.ipynb"
        assert ancla in ANCLAS and ancla.startswith(f"sala-{int(n)}-")


def test_las_consultas_del_buscador_traen_los_mensajes():
    consultas = (RAIZ / "tests/apoyo/consultas.txt").read_text("utf-8").splitlines()
    mias = {c.partition(" = ")[0] for c in consultas if "museo_de_errores" in c}
    sueltas = [trozo for _, trozo, _ in INDICE if trozo not in mias]
    assert not sueltas, f"añade a consultas.txt: {sueltas}"


# --- Los ejercicios -----------------------------------------------------------------


def _revisar(filas, tope, orden=("vacía", "desparejas", "larga", "muda"), desde=0):
    pruebas = {
        "vacía": lambda f: not f["input_ids"],
        "desparejas": lambda f: len(f["input_ids"]) != len(f["labels"]),
        "larga": lambda f: len(f["input_ids"]) > tope,
        "muda": lambda f: set(f["labels"]) == {-100},
    }
    dadas = []
    for i, fila in enumerate(filas, start=desde):
        cumple = [a for a in orden if pruebas[a](fila)]
        if cumple:
            dadas.append((i, cumple[0]))
    return dadas


def _con_funcion(filas, tope):
    def averia(fila):
        ids, marcas = fila["input_ids"], fila["labels"]
        if len(ids) == 0:
            return "vacía"
        if len(ids) != len(marcas):
            return "desparejas"
        if len(ids) > tope:
            return "larga"
        return "" if any(m != -100 for m in marcas) else "muda"

    return [(i, a) for i, f in enumerate(filas) if (a := averia(f))]


def _en_listas(filas, tope):
    return [list(par) for par in _con_funcion(filas, tope)]


def _todas_las_que_cumple(filas, tope):
    cada = ("vacía", "desparejas", "larga", "muda")
    return sorted(par for a in cada for par in _revisar(filas, tope, (a,)))


def _renumera(filas, tope):
    malas = [a for _, a in _revisar(filas, tope)]
    return list(enumerate(malas))


def _la_ultima_marca(filas, tope):
    """Mira solo la última etiqueta para decir que una fila es muda."""
    malas = dict(_revisar(filas, tope))
    for i, fila in enumerate(filas):
        if i not in malas and fila["labels"][-1] == -100:
            malas[i] = "muda"
    return sorted(malas.items())


def _muda_antes_que_despareja(filas, tope):
    """Llama mudas a las desparejas que además no enseñan, salvo que sean largas."""
    return [
        (i, "muda" if a == "desparejas" and set(filas[i]["labels"]) == {-100} else a)
        for i, a in _revisar(filas, tope)
    ]


def _tope_justo(filas, tope):
    return _revisar(filas, tope - 1)


def _diagnosticar(entrena, valida, parte=0.01, margen=1.05):
    if any(math.isnan(p) or math.isinf(p) for p in entrena + valida):
        return "nan"
    if entrena[-1] > entrena[0]:
        return "diverge"
    if entrena[-1] > (1 - parte) * entrena[0]:
        return "quieta"
    if valida[-1] > margen * min(valida):
        return "sobreajuste"
    return "bien"


def _con_tensores(entrena, valida):
    import torch

    e, v = torch.tensor(entrena), torch.tensor(valida)
    if not (e.isfinite().all() and v.isfinite().all()):
        return "nan"
    if e[-1] > e[0]:
        return "diverge"
    if (e[0] - e[-1]) / e[0] < 0.01:
        return "quieta"
    return "sobreajuste" if v[-1] / v.min() > 1.05 else "bien"


def _por_tabla(entrena, valida):
    reglas = [
        ("nan", lambda: not all(map(math.isfinite, [*entrena, *valida]))),
        ("diverge", lambda: entrena[0] < entrena[-1]),
        ("quieta", lambda: entrena[0] - entrena[-1] < entrena[0] / 100),
        ("sobreajuste", lambda: valida[-1] > min(valida) * 105 / 100),
        ("bien", lambda: True),
    ]
    return next(nombre for nombre, cumple in reglas if cumple())


def _solo_entrena(entrena, valida):
    return _diagnosticar(entrena, [1.0])


def _solo_nan(entrena, valida):
    if any(map(math.isnan, entrena + valida)):
        return "nan"
    return _diagnosticar([min(p, 99) for p in entrena], valida)


def _sin_validar_nan(entrena, valida):
    return "nan" if any(map(math.isnan, entrena)) else _solo_entrena(entrena, valida)


def _por_el_maximo(entrena, valida):
    dicho = _diagnosticar(entrena, valida)
    return "diverge" if dicho != "nan" and max(entrena) > entrena[0] else dicho


def _sobreajuste_primero(entrena, valida):
    dicho = _diagnosticar(entrena, valida)
    sube = dicho == "quieta" and valida[-1] > 1.05 * min(valida)
    return "sobreajuste" if sube else dicho


def _si_no_baja_diverge(entrena, valida):
    dicho = _diagnosticar(entrena, valida)
    return "diverge" if dicho != "nan" and entrena[-1] >= entrena[0] else dicho


def _resta_fija(entrena, valida):
    dicho = _diagnosticar(entrena, valida, parte=0)
    return "quieta" if dicho == "bien" and entrena[0] - entrena[-1] < 0.02 else dicho


REVISAR, DIAGNOSTICAR = "museo-revisar", "museo-diagnosticar"
BUENAS = {
    REVISAR: [_revisar, _con_funcion, _en_listas],
    DIAGNOSTICAR: [_diagnosticar, _con_tensores, _por_tabla],
}
ERRORES = [
    (REVISAR, lambda f, t: _revisar(f, t, ("larga",)), "-100"),
    (REVISAR, lambda f, t: _revisar(f, t, desde=1), "atender un caso"),
    (REVISAR, _tope_justo, "mide justo el tope"),
    (REVISAR, _todas_las_que_cumple, "salió dos veces"),
    (REVISAR, _renumera, "contando las buenas"),
    (REVISAR, lambda f, t: _revisar(f, t, ("muda", "larga")), "no miden lo mismo"),
    (
        REVISAR,
        lambda f, t: _revisar(f, t, ("vacía", "desparejas", "muda", "larga")),
        "es larga y muda",
    ),
    (
        REVISAR,
        lambda f, t: _revisar(f, t, ("vacía", "larga", "muda", "desparejas")),
        "despareja y larga",
    ),
    (
        REVISAR,
        lambda f, t: _revisar(f, t, ("desparejas", "vacía", "larga", "muda")),
        "no tiene tokens y es despareja",
    ),
    (REVISAR, _la_ultima_marca, "todavía enseña"),
    (REVISAR, _muda_antes_que_despareja, "despareja y muda"),
    (REVISAR, lambda f, t: _revisar(f, 4), "con tope 2 y 2 filas"),
    (REVISAR, lambda f, t: [], "con tope 4 y 1 fila falta"),
    (REVISAR, lambda f, t: [i for i, _ in _revisar(f, t)], "es un par"),
    (REVISAR, lambda f, t: [(a, i) for i, a in _revisar(f, t)], "primero el puesto"),
    (REVISAR, lambda f, t: dict(_revisar(f, t)), "una lista"),
    (DIAGNOSTICAR, lambda e, v: "bien", "acaba más alto"),
    (DIAGNOSTICAR, _solo_entrena, "está en la de validación"),
    (DIAGNOSTICAR, _sin_validar_nan, "está en la de validación"),
    (DIAGNOSTICAR, _solo_nan, "infinito"),
    (DIAGNOSTICAR, lambda e, v: _diagnosticar(e, v, parte=0), "menos del 1 %"),
    (DIAGNOSTICAR, lambda e, v: _diagnosticar(e, v, margen=1), "puede ser azar"),
    (DIAGNOSTICAR, lambda e, v: _diagnosticar(e, v, margen=3), "volvió a subir"),
    (DIAGNOSTICAR, lambda e, v: _diagnosticar(e, v, parte=0.2), "más del 1 %"),
    (DIAGNOSTICAR, lambda e, v: _diagnosticar(e, v, margen=1.2), "en un 10 %"),
    (DIAGNOSTICAR, _sobreajuste_primero, "quieta y sobreajusta"),
    (DIAGNOSTICAR, _si_no_baja_diverge, "no es mayor"),
    (DIAGNOSTICAR, _por_el_maximo, "cuenta la última"),
    (DIAGNOSTICAR, _resta_fija, "el 1 %"),
    (DIAGNOSTICAR, lambda e, v: "mal", "cinco dictámenes"),
    (DIAGNOSTICAR, lambda e, v: e[-1] < e[0], "una palabra"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
