"""Qué se escribe ante una sala y qué queda escrito: los huecos de un esqueleto.

Lo usa en_vivo.py. De una celda que se escribe quedan los `import`, las líneas `def`,
los comentarios y los nombres que lo que sigue usa.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from functools import cache

from nbformat import NotebookNode

from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import etiquetas
from taller.nombres import nombres

ESCRIBE = "# escribe aquí"
SIGUE = "# Lo que sigue usa: "
# Cuánto se escribe ante una sala, como mucho: celdas por lección y caracteres, sin la
# sangría, por minuto de clase, en la lección y en cada sección.
HUECOS, POR_MINUTO = 6, 60
# Lo demás de una sección también lleva su rato: decir el texto y mirar cada salida.
PALABRAS_POR_MINUTO, SALIDAS_POR_MINUTO = 200, 3
MINIMO = 80  # caracteres: por menos no vale la pena un hueco

PARA_PROGRAMAS = re.compile(r"# *(fmt: |noqa|type: |pragma: )")
DEFINE = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
IMPORTA = ast.Import | ast.ImportFrom


# --- El código de un hueco ----------------------------------------------------------


def _comentarios(codigo: str) -> dict[int, str]:
    """Por línea, su comentario con la sangría de la línea. No los de una cadena."""
    hallados = {}
    try:
        for pieza in tokenize.generate_tokens(io.StringIO(codigo).readline):
            if pieza.type == tokenize.COMMENT:
                sangria = re.match(r"\s*", pieza.line)[0]
                hallados[pieza.start[0]] = sangria + pieza.string
    except (tokenize.TokenError, SyntaxError):  # una celda con %magia
        for i, linea in enumerate(codigo.splitlines(), start=1):
            if linea.lstrip().startswith("#"):
                hallados[i] = linea
    return {
        i: texto
        for i, texto in hallados.items()
        if not PARA_PROGRAMAS.match(texto.lstrip())
    }


def _cabeza(nodo: ast.AST, lineas: list[str], quedan: dict[int, str]) -> int:
    """Deja la línea `def` o `class`, con sus decoradores y su docstring.

    Devuelve la última línea que dejó.
    """
    cuerpo = nodo.body[0]
    decorados = [d.lineno for d in nodo.decorator_list]
    fin = cuerpo.lineno - 1
    if cuerpo.lineno == nodo.lineno or ast.unparse(nodo).count("\n") == 0:
        resto = lineas[cuerpo.lineno - 1][: cuerpo.col_offset]
        quedan[cuerpo.lineno] = resto.rstrip()  # `def f(x): return x`
        fin = cuerpo.lineno
    for i in range(min([nodo.lineno, *decorados]), cuerpo.lineno):
        if not lineas[i - 1].lstrip().startswith("#"):
            quedan[i] = lineas[i - 1]
    if ast.get_docstring(nodo) is not None:
        for i in range(cuerpo.lineno, cuerpo.end_lineno + 1):
            quedan[i] = lineas[i - 1]
        fin = cuerpo.end_lineno
    return fin


def _nombres(nodos: list[ast.AST], ctx: type) -> set[str]:
    """Los nombres que esos nodos leen (ast.Load) o ponen (ast.Store)."""
    todos = [n for nodo in nodos for n in ast.walk(nodo) if isinstance(n, ast.Name)]
    return {n.id for n in todos if isinstance(n.ctx, ctx)}


def _piden_las_cabezas(cuerpo: list[ast.stmt]) -> list[ast.stmt]:
    """Las líneas sueltas de las que dependen los `def` y `class`: `f(x=inicial)`."""
    piden: list[ast.AST] = []
    for nodo in cuerpo:
        if isinstance(nodo, ast.ClassDef):
            piden += nodo.decorator_list + nodo.bases
        elif isinstance(nodo, DEFINE):
            valores = [v for v in nodo.args.kw_defaults if v is not None]
            piden += nodo.decorator_list + nodo.args.defaults + valores
    sueltas = [n for n in cuerpo if not isinstance(n, DEFINE | IMPORTA)]
    hacen_falta: list[ast.stmt] = []
    while nuevas := [
        n
        for n in sueltas
        if n not in hacen_falta
        and _nombres([n], ast.Store) & _nombres(piden + hacen_falta, ast.Load)
    ]:
        hacen_falta += nuevas
    return hacen_falta


@cache
def hueco(codigo: str) -> str:
    """Lo que queda de una celda que se escribe: lo que dice cómo se llama cada cosa.

    Son los `import`, las líneas `def` y `class`, con `...` por cuerpo y lo que leen sus
    valores por omisión, y todos los comentarios, también los de final de línea.
    Ejecutarlo no da error.
    """
    lineas = codigo.splitlines()
    quedan = _comentarios(codigo)
    puntos: dict[int, str] = {}  # después de esa línea, un cuerpo vacío
    pendientes = []
    try:
        pendientes = list(ast.parse(codigo).body)
    except SyntaxError:  # una celda con %magia: solo comentarios
        pass
    dados = _piden_las_cabezas(pendientes)
    for nodo in pendientes:
        if isinstance(nodo, IMPORTA) or nodo in dados:
            for i in range(nodo.lineno, nodo.end_lineno + 1):
                quedan[i] = lineas[i - 1]
        elif isinstance(nodo, DEFINE):
            _cabeza(nodo, lineas, quedan)
            propias = []
            if isinstance(nodo, ast.ClassDef):
                propias = [n for n in nodo.body if isinstance(n, DEFINE)]
                pendientes += propias
            if not propias:
                puntos[nodo.end_lineno] = " " * (nodo.col_offset + 4) + "..."
    salida: list[str] = []
    for i, linea in enumerate(lineas, start=1):
        if i in quedan:
            salida.append(quedan[i])
        elif not linea.strip() and salida and salida[-2:] != ["", ""]:
            salida.append("")
        if i in puntos:
            while salida[-1] == "":
                salida.pop()
            salida.append(puntos[i])
    return "\n".join(salida).strip("\n") or ESCRIBE


@cache
def por_escribir(codigo: str) -> int:
    """Los caracteres que se escriben en un hueco, sin la sangría ni los comentarios."""
    dados = {x.strip() for x in hueco(codigo).splitlines()}
    comentarios = _comentarios(codigo)
    total = 0
    for i, linea in enumerate(codigo.splitlines(), start=1):
        texto = linea.strip()
        if texto in dados:
            continue
        if i in comentarios:
            texto = texto.removesuffix(comentarios[i].strip()).rstrip()
        total += len(texto)
    return total


# --- Qué se escribe, y qué usa lo que sigue -----------------------------------------


def de_la_leccion(cuaderno: NotebookNode) -> list[NotebookNode]:
    """Las celdas de código que se pueden repetir.

    Ni las soluciones, ni los ejercicios, ni las que fallan a propósito.
    """
    return [
        celda
        for celda in cuadernos.de_codigo(cuaderno)
        if not {"solucion", "ejercicio", "raises-exception"} & etiquetas(celda)
    ]


def lo_que_sigue_usa(cuaderno: NotebookNode, identificador: str) -> list[str]:
    """Los nombres que esa celda define y otra, más abajo, le pide; sin los `import`.

    Cuenta también lo que piden los ejercicios. En el orden en que se definen.
    """
    celdas = [
        c for c in cuadernos.de_codigo(cuaderno) if "solucion" not in etiquetas(c)
    ]
    i = next(n for n, celda in enumerate(celdas) if celda.id == identificador)
    define = nombres(celdas[i].source)[1]
    define -= nombres(hueco(celdas[i].source))[1] - _funciones(celdas[i].source)
    pedidos: set[str] = set()
    vivos = set(define)
    for celda in celdas[i + 1 :]:
        pide, pisa = nombres(celda.source)
        pedidos |= vivos & pide
        vivos -= pisa
    palabras = re.findall(r"\w+", celdas[i].source)
    return sorted((n for n in pedidos if n != "_"), key=palabras.index)


def _funciones(codigo: str) -> set[str]:
    try:
        return {n.name for n in ast.parse(codigo).body if isinstance(n, DEFINE)}
    except SyntaxError:
        return set()


def con_nombres(cuaderno: NotebookNode, celda: NotebookNode) -> str:
    """El hueco de una celda y, al final, los nombres que lo que sigue usa."""
    usa = lo_que_sigue_usa(cuaderno, celda.id)
    if not usa:
        return hueco(celda.source)
    dicho = textwrap.fill(
        SIGUE + ", ".join(usa), 88, subsequent_indent="#   ", break_long_words=False
    )
    return hueco(celda.source) + "\n\n" + dicho


def rato(celda: NotebookNode) -> float:
    """Minutos que piden el texto de una celda, o mirar lo que sale de ella."""
    if celda.cell_type == "markdown":
        return len(celda.source.split()) / PALABRAS_POR_MINUTO
    mirar = celda.cell_type == "code" and "solucion" not in etiquetas(celda)
    return bool(mirar and celda.outputs) / SALIDAS_POR_MINUTO


def elegir(
    cuaderno: NotebookNode, huecos: int = HUECOS, por_minuto: int = POR_MINUTO
) -> list[str]:
    """Las celdas `en-vivo` que se escriben ante la sala; las demás van dadas.

    Se toman primero las que más usa el resto de la lección, y una por sección antes que
    dos; nunca las que dibujan. Caben, a `por_minuto` caracteres, en los minutos que a
    la sección le quedan tras decir su texto y mirar sus salidas, y en los de la
    lección. Devuelve sus identificadores, en orden.
    """
    secciones = cuadernos.secciones(cuaderno)
    donde, minutos = {}, {}
    for i, celda in enumerate(cuaderno.cells):
        antes = [s for s in secciones if s.celda <= i and s.minutos]
        donde[celda.id] = antes[-1].titulo if antes else ""
    for seccion in secciones:
        minutos[seccion.titulo] = seccion.minutos or 0
    for celda in cuaderno.cells:
        if minutos.get(donde[celda.id]):
            minutos[donde[celda.id]] -= rato(celda)
    candidatas = []
    for i, celda in enumerate(cuadernos.de_codigo(cuaderno)):
        if "en-vivo" not in etiquetas(celda) or re.search(r"\bplt\.", celda.source):
            continue
        peso, usa = por_escribir(celda.source), lo_que_sigue_usa(cuaderno, celda.id)
        if peso >= MINIMO:
            candidatas.append((-len(usa), i, peso, celda.id))
    elegidas: list[tuple[int, str]] = []
    quedan = {s: max(m, 0) * por_minuto for s, m in minutos.items()}
    total = sum(quedan.values()) or 10**9
    quedan[""] = min(quedan.values(), default=10**9)
    for una_por_seccion in (True, False):
        for _, i, peso, clave in sorted(candidatas):
            seccion = donde[clave]
            ya = [c for _, c in elegidas if donde[c] == seccion]
            if clave in ya or (una_por_seccion and ya) or len(elegidas) == huecos:
                continue
            if peso <= min(quedan[seccion], total):
                elegidas.append((i, clave))
                quedan[seccion] -= peso
                total -= peso
    return [clave for _, clave in sorted(elegidas)]
