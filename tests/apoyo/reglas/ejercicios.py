"""Reglas sobre los ejercicios: pareja, marcas que pliegan, nombres y veredicto."""

import ast

from herramientas.cuadernos.indices import prefijo
from herramientas.cuadernos.leer import de_codigo, etiquetas
from herramientas.cuadernos.lenguas import lengua_de
from herramientas.cuadernos.salidas import textos

from . import regla
from .celdas import arbol

CUANTOS = (2, 4)
FRASES = {"ejercicio": "Todavía no", "solucion": "Correcto"}


# Los nombres que nacen dentro de estas expresiones no salen de ellas.
EXPRESIONES_CON_NOMBRES = (
    ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


def id_del_ejercicio(celda) -> str | None:
    """El identificador que la celda pasa a `comprobar`, o None si no hay uno solo."""
    try:
        nodos = list(ast.walk(arbol(celda)))
    except SyntaxError:
        return None
    ids = {
        n.args[0].value
        for n in nodos
        if isinstance(n, ast.Call)
        and getattr(n.func, "id", getattr(n.func, "attr", "")) == "comprobar"
        and n.args
        and isinstance(n.args[0], ast.Constant)
    }
    return ids.pop() if len(ids) == 1 else None


def nombres_importados(celda) -> set[str]:
    """Los nombres que la celda importa."""
    importes = [
        n for n in ast.walk(arbol(celda)) if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    return {(a.asname or a.name).split(".")[0] for n in importes for a in n.names}


def nombres_definidos(celda) -> set[str]:
    """Los nombres que la celda deja definidos en el cuaderno."""
    nombres = nombres_importados(celda)
    pendientes = list(ast.iter_child_nodes(arbol(celda)))
    while pendientes:
        nodo = pendientes.pop()
        if isinstance(nodo, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            nombres.add(nodo.name)
            continue  # lo de adentro es local
        if isinstance(nodo, EXPRESIONES_CON_NOMBRES):
            continue
        if isinstance(nodo, ast.Name) and isinstance(nodo.ctx, ast.Store):
            nombres.add(nodo.id)
        pendientes += list(ast.iter_child_nodes(nodo))
    return nombres


def nombres_usados(celda) -> set[str]:
    """Los nombres que la celda lee."""
    return {
        n.id
        for n in ast.walk(arbol(celda))
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }


def nombres_que_faltarian(cuaderno) -> dict[str, str]:
    """Nombres que solo define una solución y usa otra celda: {nombre: celda}."""
    soluciones = [c for c in de_codigo(cuaderno) if "solucion" in etiquetas(c)]
    otras = [c for c in de_codigo(cuaderno) if "solucion" not in etiquetas(c)]
    de_soluciones = set().union(*map(nombres_definidos, soluciones))
    de_otras = set().union(*map(nombres_definidos, otras))
    return {
        nombre: celda.id
        for celda in otras
        for nombre in nombres_usados(celda) & (de_soluciones - de_otras)
    }


@regla
def cantidad_de_ejercicios(cuaderno, ruta):
    """De dos a cuatro ejercicios."""
    n = sum("ejercicio" in etiquetas(c) for c in de_codigo(cuaderno))
    if CUANTOS[0] <= n <= CUANTOS[1]:
        return []
    return [f"tiene {n} ejercicios; deben ser de {CUANTOS[0]} a {CUANTOS[1]}"]


@regla
def parejas(cuaderno, ruta):
    """Cada ejercicio tiene una celda por resolver y, después, una solución."""
    orden: dict[str, list[str]] = {}
    faltas = []
    for celda in de_codigo(cuaderno):
        for marca in FRASES.keys() & etiquetas(celda):
            quien = id_del_ejercicio(celda)
            if quien is None:
                faltas.append(
                    f'celda «{celda.id}»: debe llamar a comprobar("…") con un solo '
                    "ejercicio, escrito como texto"
                )
            else:
                orden.setdefault(quien, []).append(marca)
                comienzo = prefijo(ruta.stem) + "-"
                if not quien.startswith(comienzo):
                    faltas.append(
                        f"celda «{celda.id}»: el ejercicio «{quien}» debe llamarse "
                        f"«{comienzo}…»"
                    )
    for quien, marcas in orden.items():
        if marcas != ["ejercicio", "solucion"]:
            faltas.append(
                f"el ejercicio «{quien}» tiene {', '.join(marcas)}; debe tener una "
                "celda `ejercicio` y después una `solucion`"
            )
    return faltas


@regla
def soluciones_plegadas(cuaderno, ruta):
    """Las tres marcas: Colab, JupyterLab (source_hidden) y el sitio (hide-input)."""
    titulo = f"# @title {lengua_de(cuaderno).solucion}"
    faltas = []
    for celda in de_codigo(cuaderno):
        marcas = etiquetas(celda)
        if "solucion" not in marcas:
            continue
        faltan = []
        if celda.source.splitlines()[:1] != [titulo]:
            faltan.append(f"la primera línea «{titulo}»")
        if celda.metadata.get("cellView") != "form":
            faltan.append("cellView: form")
        if celda.metadata.get("jupyter", {}).get("source_hidden") is not True:
            faltan.append("jupyter.source_hidden: true")
        if "hide-input" not in marcas:
            faltan.append("la etiqueta hide-input")
        if faltan:
            faltas.append(f"celda «{celda.id}»: le falta {', '.join(faltan)}")
    return faltas


@regla
def nombres_propios(cuaderno, ruta):
    """Una solución no pisa los nombres del ejercicio, ni otra celda usa los suyos."""
    try:
        faltarian = nombres_que_faltarian(cuaderno)
    except SyntaxError:
        return []  # lo dice `se_puede_leer`
    faltas = [
        f"celda «{celda}»: usa {nombre}, que solo define una solución"
        for nombre, celda in faltarian.items()
    ]
    otras = [c for c in de_codigo(cuaderno) if "solucion" not in etiquetas(c)]
    ocupados = set().union(*map(nombres_definidos, otras))
    for celda in de_codigo(cuaderno):
        if "solucion" in etiquetas(celda):
            pisados = (nombres_definidos(celda) - nombres_importados(celda)) & ocupados
            pisados = {n for n in pisados if len(n) > 1}  # índices de bucle
            if pisados:
                faltas.append(
                    f"celda «{celda.id}»: redefine {', '.join(sorted(pisados))}; "
                    "en una solución usa nombres propios (…_resuelta)"
                )
    return faltas


@regla
def veredictos_guardados(cuaderno, ruta):
    """Lo guardado: «Todavía no» en cada ejercicio y «Correcto» en cada solución."""
    faltas = []
    for celda in de_codigo(cuaderno):
        dicho = "\n".join(t for s in celda.outputs for t in textos(s))
        for marca in FRASES.keys() & etiquetas(celda):
            if FRASES[marca] not in dicho:
                faltas.append(
                    f"celda «{celda.id}»: su comprobación debe decir «{FRASES[marca]}» "
                    f"y guarda: {dicho.strip()[:60]!r}"
                )
    return faltas
