"""`make leccion`: una lección nueva cumple las reglas, o no se escribe nada."""

import ast
import importlib.util
import io
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout

import curso_minimo
import pytest
from minimo import entorno_sin_pytest
from reglas import REGLAS

from herramientas.archivos import RAIZ
from herramientas.cuadernos import indices, leccion
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import de_codigo, etiquetas
from taller import ejercicios

# Piden salidas guardadas: se cumplen después de `make ejecutar`.
DE_SALIDAS = {"ejecutado", "salidas_vigentes", "veredictos_guardados", "una_figura"}
NUEVAS = {
    "13_compresion": ["13", "compresion"],
    "antes_de_ajustar": ["antes_de_ajustar"],
    "antes_de_entrenar": ["antes_de_entrenar"],
    "museo_de_errores": ["museo_de_errores.ipynb"],
    "tu_dominio": ["tu_dominio"],
}
INDICES = (indices.TOC, indices.PORTADA, indices.GUIA, indices.LEEME)


@pytest.fixture
def copia(tmp_path):
    """Un curso mínimo, de la 00 a la 12, con todo en su lugar."""
    return curso_minimo.escribir(tmp_path / "curso")


def _foto(raiz):
    return {r: r.read_bytes() for r in sorted(raiz.rglob("*")) if r.is_file()}


def _crear(raiz, nombre):
    assert leccion.principal(NUEVAS[nombre], raiz) == 0
    return raiz / "notebooks" / f"{nombre}.ipynb"


# --- Lo que escribe -----------------------------------------------------------------


@pytest.mark.parametrize("nombre", NUEVAS)
def test_cumple_las_reglas_y_esta_en_los_indices(copia, nombre):
    ruta = _crear(copia, nombre)
    cuaderno = cuadernos.leer(ruta)
    faltas = {
        regla: dicho
        for regla, funcion in REGLAS.items()
        if regla not in DE_SALIDAS and (dicho := funcion(cuaderno, ruta))
    }
    assert not faltas
    assert indices.faltantes(copia) == []
    faltan = indices.por_escribir(copia)
    assert len(faltan) == 3 and nombre in faltan[0]


def test_todas_juntas_crean_las_partes_en_su_lugar(copia):
    for nombre in NUEVAS:
        _crear(copia, nombre)
    assert indices.faltantes(copia) == []
    toc = (copia / indices.TOC).read_text("utf-8")
    partes = re.findall(r"caption: \"?(.+?)\"?$", toc, re.M)
    en_medio = partes[partes.index("Parte 4 · Ajuste") :]
    assert en_medio[1:] == ["Parte 5 · Más allá", "Anexo", "Para quien enseña"]
    assert "01 a 13" in (copia / indices.LEEME).read_text("utf-8")
    assert "de la 14 a la 16" in (copia / indices.PORTADA).read_text("utf-8")


@pytest.mark.parametrize("nombre", NUEVAS)
def test_los_ejercicios_responden(copia, nombre, monkeypatch):
    """Cada celda por resolver dice «Todavía no» y su solución, «Correcto»."""
    ruta = _crear(copia, nombre)
    monkeypatch.setattr(ejercicios, "REGISTRO", {})
    modulo = f"taller.ejercicios.{indices.modulo_de_ejercicios(nombre)}"
    archivo = leccion.ruta_de_ejercicios(nombre, copia)
    espec = importlib.util.spec_from_file_location(modulo, archivo)
    nuevo = importlib.util.module_from_spec(espec)
    espec.loader.exec_module(nuevo)
    veredictos = {"ejercicio": [], "solucion": []}
    for celda in de_codigo(cuadernos.leer(ruta)):
        for marca in veredictos.keys() & etiquetas(celda):
            dicho = io.StringIO()
            with redirect_stdout(dicho):
                exec(celda.source, {"comprobar": ejercicios.comprobar})
            veredictos[marca].append(dicho.getvalue())
    assert len(veredictos["ejercicio"]) == len(veredictos["solucion"]) >= 2
    assert all("Todavía no" in v for v in veredictos["ejercicio"]), veredictos
    assert all("Correcto" in v for v in veredictos["solucion"]), veredictos


MALAS = {
    "media": [
        lambda v: sum(v),
        lambda v: sum(v) // len(v),
        lambda v: sorted(v)[len(v) // 2],
        lambda v: max(v),
        lambda v: str(sum(v) / len(v)),
        lambda v: print(sum(v) / len(v)),
    ],
    "porcentaje": [
        lambda a, t: a / t,
        lambda a, t: t,
        lambda a, t: a * t,
        lambda a, t: round(100 * a / t),
        lambda a, t: f"{100 * a / t} %",
        lambda a, t: None,
    ],
}
BUENAS = {
    "media": [lambda v: sum(v) / len(v), lambda v: sum(x / len(v) for x in v)],
    "porcentaje": [lambda a, t: 100 * a / t, lambda a, t: a / t * 100],
}


def test_las_comprobaciones_de_muestra_guian(copia, monkeypatch):
    _crear(copia, "13_compresion")
    monkeypatch.setattr(ejercicios, "REGISTRO", {})
    archivo = leccion.ruta_de_ejercicios("13_compresion", copia)
    espec = importlib.util.spec_from_file_location("taller.ejercicios.e13", archivo)
    espec.loader.exec_module(importlib.util.module_from_spec(espec))
    for nombre, malas in MALAS.items():
        pistas = [ejercicios.revisar(f"13-{nombre}", f) for f in malas]
        assert all(p and len(p.split()) > 3 for p in pistas), pistas
        for buena in BUENAS[nombre]:
            assert ejercicios.revisar(f"13-{nombre}", buena) is None


def test_lo_escrito_pasa_por_ruff_sin_cambios(copia):
    rutas = [_crear(copia, n) for n in NUEVAS]
    rutas += [leccion.ruta_de_ejercicios(n, copia) for n in NUEVAS]
    for orden in (["check"], ["format", "--check"]):
        hecho = subprocess.run(
            [sys.executable, "-m", "ruff", *orden, *rutas],
            capture_output=True,
            text=True,
            check=False,
        )
        assert hecho.returncode == 0, hecho.stdout + hecho.stderr


def test_la_celda_de_cada_ejercicio_usa_su_modulo(copia):
    """Los identificadores del cuaderno y los del archivo son los mismos."""
    for nombre in NUEVAS:
        ruta = _crear(copia, nombre)
        texto = "\n".join(c.source for c in de_codigo(cuadernos.leer(ruta)))
        pedidos = set(re.findall(r'comprobar\("([^"]+)"', texto))
        arbol = ast.parse(leccion.ruta_de_ejercicios(nombre, copia).read_text("utf-8"))
        registrados = {
            n.args[0].value
            for n in ast.walk(arbol)
            if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "ejercicio"
        }
        assert pedidos == registrados
        for ejercicio in pedidos:
            modulo = indices.modulo_de_ejercicios(nombre)
            assert ejercicios.modulo_de(ejercicio) == modulo


# --- Lo que rechaza -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("pedido", "dice"),
    [
        ([], "Di qué lección empiezas"),
        (["a", "b", "c"], "Di qué lección empiezas"),
        (["13"], "le falta el nombre"),
        (["5", "corta"], "dos cifras"),
        (["113", "larga"], "dos cifras"),
        (["١٢", "x"], "dos cifras"),
        (["tres", "cosas"], "guiones bajos"),
        (["12", "otra"], "ya es de notebooks/12_"),
        (["00_otra"], "ya es de notebooks/00_"),
        (["13", "Compresión"], "minúsculas sin tildes"),
        (["13", "dos palabras"], "minúsculas sin tildes"),
        (["13", "../fuera"], "minúsculas sin tildes"),
        (["13", "x"], "minúsculas sin tildes"),
        (["13", "a" * 50], "no más de 40"),
        (["Museo"], "minúsculas sin tildes"),
        ([""], "minúsculas sin tildes"),
    ],
)
def test_rechaza_con_una_frase_y_no_escribe(copia, pedido, dice, capsys):
    antes = _foto(copia)
    assert leccion.principal(pedido, copia) == 1
    dicho = capsys.readouterr().err
    assert dicho.startswith("✗ ") and dice in dicho and dicho.count("\n") == 1
    assert "No se escribió nada." in dicho
    assert _foto(copia) == antes


def test_rechaza_lo_que_ya_existe(copia, capsys):
    _crear(copia, "museo_de_errores")
    antes = _foto(copia)
    for pedido in (["museo_de_errores"], ["museo_de_arte"]):
        assert leccion.principal(pedido, copia) == 1
        assert "ya es de notebooks/museo_de_errores" in capsys.readouterr().err
    assert _foto(copia) == antes


def test_no_pisa_unos_ejercicios_sueltos(copia, capsys):
    suelto = leccion.ruta_de_ejercicios("13_compresion", copia)
    suelto.write_text("# de alguien\n", encoding="utf-8")
    antes = _foto(copia)
    assert leccion.principal(["13", "compresion"], copia) == 1
    assert "e13.py" in capsys.readouterr().err
    assert _foto(copia) == antes


@pytest.mark.parametrize("archivo", INDICES[:3])
def test_un_indice_que_no_se_entiende(copia, archivo, capsys):
    (copia / archivo).write_text("nada\n", encoding="utf-8")
    antes = _foto(copia)
    assert leccion.principal(["13", "compresion"], copia) == 1
    assert archivo in capsys.readouterr().err
    (copia / archivo).unlink()
    del antes[copia / archivo]
    assert leccion.principal(["13", "compresion"], copia) == 1
    assert archivo in capsys.readouterr().err
    assert _foto(copia) == antes


@pytest.mark.parametrize("cual", range(6))
@pytest.mark.parametrize("error", [OSError(28, "sin espacio", "x"), KeyboardInterrupt])
def test_si_falla_a_medias_todo_queda_como_estaba(
    copia, cual, error, monkeypatch, capsys
):
    antes, hechos, de_verdad = _foto(copia), [], leccion.escribir_texto

    def escribir(ruta, texto):
        hechos.append(ruta)
        if len(hechos) == cual + 1:
            raise error
        de_verdad(ruta, texto)

    monkeypatch.setattr(leccion, "escribir_texto", escribir)
    assert leccion.principal(["13", "compresion"], copia) in (1, 130)
    assert len(hechos) > cual
    assert _foto(copia) == antes
    assert "nada" in (dicho := capsys.readouterr().err) or "como estaba" in dicho


def test_la_ayuda_no_escribe(copia, capsys):
    antes = _foto(copia)
    assert leccion.principal(["--help"], copia) == 0
    assert "make leccion" in capsys.readouterr().out
    assert _foto(copia) == antes


# --- De principio a fin -------------------------------------------------------------


@pytest.mark.lento
def test_creada_y_ejecutada_pasa_todas_las_pruebas(tmp_path):
    """En una copia del curso: leccion, ejecutar, y las pruebas de ahí."""
    raiz = tmp_path / "curso"
    fuera = shutil.ignore_patterns("__pycache__", ".*", "_build", "html")
    for carpeta in ("herramientas", "taller", "tests", "notebooks", "book"):
        shutil.copytree(RAIZ / carpeta, raiz / carpeta, ignore=fuera)
    for archivo in ("pyproject.toml", "conftest.py", indices.TOC, indices.LEEME):
        shutil.copy(RAIZ / archivo, raiz / archivo)

    def correr(*orden):
        hecho = subprocess.run(
            [sys.executable, "-m", *orden],
            cwd=raiz,
            env=entorno_sin_pytest() | {"PYTHONPATH": str(raiz)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert hecho.returncode == 0, hecho.stdout[-3000:] + hecho.stderr[-3000:]
        return hecho.stdout

    # Nombres que el curso no va a tener.
    nuevas = ["98_ensayo_general", "prueba_suelta"]
    for nombre in nuevas:
        correr("herramientas.cuadernos.leccion", nombre)
    correr("herramientas.cuadernos.ejecutar", *nuevas)
    pruebas = ["tests/test_cuadernos.py", "tests/test_ejercicios.py"]
    cuales = " or ".join([*nuevas, "98-", "prueba-", "coinciden"])
    correr("pytest", "-q", *pruebas, "-k", cuales, "-p", "no:cacheprovider")
