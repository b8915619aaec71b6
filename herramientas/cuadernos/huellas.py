"""Huellas que dicen si las salidas guardadas de un cuaderno siguen vigentes.

Al ejecutarlo, un testigo anota qué usó: los módulos de `taller` que importó, los que
leyó como texto (para mostrar su código) y los recursos que abrió. De cada cosa se
guarda una huella, y una salida es vieja solo si cambió algo de eso o su código.

El código cuenta como árbol sintáctico, sin comentarios ni docstrings, y los JSON, por
su contenido: ni un comentario ni un espacio obligan a ejecutar.
"""

from __future__ import annotations

import ast
import fnmatch
import hashlib
import json
import re
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import de_codigo, etiquetas

# De estas carpetas se usa todo o nada: sus pesos no los abre Python, y no se ven.
ENTERAS = ("semilla", "adaptador", "lm_eval")
CODIGO_ENTERO = re.compile(rf"taller\.recursos\.({'|'.join(ENTERAS)})\b")
CARPETAS = tuple(f"recurso {nombre}/" for nombre in ENTERAS)
# Las únicas etiquetas que cambian lo que sale al ejecutar.
QUE_CUENTAN = {"instalar", "raises-exception"}
FALTA = "no está"
# Un código así muestra el texto de una función: entonces también cuenta el texto.
MIRA_EL_TEXTO = re.compile(r"getsource|\bhelp\(|__doc__")

Huella = dict[str, str]


def _sha(texto: str) -> str:
    """Las 16 primeras cifras de SHA-256: bastan para notar un cambio."""
    return hashlib.sha256(texto.encode("utf-8", "surrogatepass")).hexdigest()[:16]


# --- El código, como árbol ----------------------------------------------------------


def arbol_de(codigo: str, modulo: bool = True) -> str:
    """El árbol sintáctico de un código, en texto, sin comentarios ni docstrings.

    Argumentos: `codigo`, de Python o con %magias de IPython; `modulo`, si es un
    archivo: en una celda, un texto suelto al comienzo se muestra y no es docstring.
    Devuelve lo mismo en todas las versiones de Python que usa el curso.
    Errores: SyntaxError si no es Python válido.
    """
    try:
        arbol = ast.parse(codigo)
    except SyntaxError:
        arbol = ast.parse(TransformerManager().transform_cell(codigo))
    for nodo in ast.walk(arbol):
        con_docstring = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if isinstance(nodo, con_docstring) or (modulo and nodo is arbol):
            if ast.get_docstring(nodo, clean=False) is not None:
                del nodo.body[0]
    return _volcar(arbol)


def _volcar(valor) -> str:
    """Como ast.dump, sin los campos vacíos: cada versión de Python añade los suyos."""
    if isinstance(valor, ast.AST):
        campos = [
            f"{nombre}={_volcar(suyo)}"
            for nombre, suyo in ast.iter_fields(valor)
            if suyo is not None and suyo != [] and nombre not in ("ctx", "kind")
        ]
        return f"{type(valor).__name__}({', '.join(campos)})"
    if isinstance(valor, list):
        return f"[{', '.join(map(_volcar, valor))}]"
    return repr(valor)


def de_codigo_del(cuaderno: NotebookNode) -> str:
    """Huella de las celdas de código, en orden.

    La celda `instalar` no cuenta: fuera de Colab no cambia nada, y así una versión
    nueva no obliga a ejecutar todo el curso.
    """
    partes = []
    for celda in de_codigo(cuaderno):
        marcas = sorted(etiquetas(celda) & QUE_CUENTAN)
        if "instalar" in marcas:
            fuente = ""
        elif MIRA_EL_TEXTO.search(celda.source):
            fuente = celda.source
        else:
            fuente = _arbol_o_texto(celda.source, modulo=False)
        partes.append([celda.id, fuente, marcas])
    return _sha(json.dumps(partes, ensure_ascii=False))


def _arbol_o_texto(codigo: str, modulo: bool) -> str:
    try:
        return arbol_de(codigo, modulo)
    except SyntaxError:  # la regla `se_puede_leer` ya lo dice
        return codigo


# --- El proyecto, en una foto -------------------------------------------------------


def _contenido(ruta: Path) -> str:
    """Huella de un recurso: los JSON, por lo que dicen; lo demás, octeto por octeto."""
    octetos = ruta.read_bytes()
    try:
        if ruta.suffix == ".json":
            return _sha(json.dumps(json.loads(octetos), ensure_ascii=False))
        if ruta.suffix == ".jsonl":
            filas = [json.loads(x) for x in octetos.splitlines() if x.strip()]
            return _sha(json.dumps(filas, ensure_ascii=False))
        if ruta.suffix in (".txt", ".jinja", ".yaml", ".py", ".svg"):
            return _sha(octetos.decode("utf-8").replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        pass  # está dañado: cuenta tal como está
    return hashlib.sha256(octetos).hexdigest()[:16]


def foto(raiz: Path = RAIZ) -> Huella:
    """La huella de hoy de todo lo que un cuaderno puede usar.

    Claves: «módulo taller.perfil», «texto taller/perfil.py» y «recurso datos/…».
    """
    todo: Huella = {}
    recursos = raiz / "taller" / "recursos"
    for ruta in sorted((raiz / "taller").rglob("*")):
        relativa = ruta.relative_to(raiz)
        if not ruta.is_file() or "__pycache__" in relativa.parts:
            continue
        if ruta.is_relative_to(recursos) and ruta != recursos / "__init__.py":
            if ruta.suffix != ".md":  # las fichas no cambian una salida
                nombre = ruta.relative_to(recursos).as_posix()
                todo[f"recurso {nombre}"] = _contenido(ruta)
        elif ruta.suffix == ".py":
            texto = ruta.read_text(encoding="utf-8").replace("\r\n", "\n")
            partes = [p for p in relativa.with_suffix("").parts if p != "__init__"]
            todo[f"módulo {'.'.join(partes)}"] = _sha(_arbol_o_texto(texto, True))
            todo[f"texto {relativa.as_posix()}"] = _sha(texto)
    return todo


def _una(uso: str, hoy: Huella) -> str:
    """La huella de algo usado: un módulo, un archivo, una carpeta o un patrón."""
    if uso in hoy:
        return hoy[uso]
    if uso.endswith("/"):
        suyos = {k: v for k, v in hoy.items() if k.startswith(uso)}
        if uso not in CARPETAS:  # solo se listó: cuentan los nombres
            suyos = dict.fromkeys(suyos)
    elif re.search(r"[*?\[]", uso):
        suyos = {k: v for k, v in hoy.items() if fnmatch.fnmatchcase(k, uso)}
    else:
        return FALTA
    return _sha(json.dumps(suyos, sort_keys=True, ensure_ascii=False))


# --- Lo que usó cada cuaderno -------------------------------------------------------


def usos(anotado: str, raiz: Path = RAIZ) -> list[str]:
    """De las líneas que escribió el testigo a las claves de la foto, sin repetir.

    Cada línea es «import taller.perfil», «open RUTA», «list CARPETA» o «glob PATRÓN».
    """
    claves, recursos = set(), raiz / "taller" / "recursos"
    for linea in anotado.splitlines():
        que, _, valor = linea.partition(" ")
        if que == "import":
            entera = CODIGO_ENTERO.match(valor)
            claves.add(f"recurso {entera[1]}/" if entera else f"módulo {valor}")
            continue
        ruta = Path(valor)
        if ruta.is_relative_to(recursos) and ruta != recursos / "__init__.py":
            relativa = ruta.relative_to(recursos)
            if relativa.parts and relativa.parts[0] in ENTERAS:
                claves.add(f"recurso {relativa.parts[0]}/")
            elif que == "list" and relativa.parts:
                claves.add(f"recurso {relativa.as_posix()}/")
            elif que != "list" and relativa.suffix != ".md":
                claves.add(f"recurso {relativa.as_posix()}")
        elif que == "open" and ruta.suffix == ".py" and ruta.is_relative_to(raiz):
            claves.add(f"texto {ruta.relative_to(raiz).as_posix()}")
    return sorted(claves)


def calcular(cuaderno: NotebookNode, claves: list[str], hoy: Huella) -> Huella:
    """Las huellas que se guardan en el cuaderno: su código y lo que usó."""
    return {"código": de_codigo_del(cuaderno)} | {k: _una(k, hoy) for k in claves}


def motivos(cuaderno: NotebookNode, hoy: Huella | None = None) -> list[str]:
    """Por qué las salidas ya no corresponden; lista vacía si están al día."""
    guardada = cuaderno.metadata.get("taller", {}).get("huella")
    if not guardada:
        return ["nunca se ejecutó con «make ejecutar»"]
    claves = [k for k in guardada if k != "código"]
    nueva = calcular(cuaderno, claves, foto() if hoy is None else hoy)
    return [
        "cambió el código del cuaderno" if k == "código" else f"cambió {k}"
        for k in guardada
        if guardada[k] != nueva[k]
    ]
