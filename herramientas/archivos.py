"""Dónde está cada cosa del proyecto y cómo se escribe un archivo de una vez.

Solo usa la biblioteca estándar y se puede leer desde Python 3.6: lo necesita tareas.py.
"""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

RAIZ = Path(__file__).resolve().parent.parent
NOTEBOOKS = RAIZ / "notebooks"
RECURSOS = RAIZ / "taller" / "recursos"
RESULTADOS = RECURSOS / "resultados"
SEMILLA = RECURSOS / "semilla"
ADAPTADOR = RECURSOS / "adaptador"


def escribir_texto(ruta, texto: str) -> None:
    """Reemplaza un archivo de una vez: si algo corta el programa, queda el viejo.

    Argumentos: `ruta`, del archivo; su carpeta se crea si falta. `texto` se escribe en
    UTF-8 y con fin de línea «\\n».
    """
    ruta = Path(str(ruta))
    ruta.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporal = tempfile.mkstemp(
        dir=str(ruta.parent), prefix="." + ruta.name + ".", suffix=".tmp"
    )
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as archivo:
            archivo.write(texto)
            archivo.flush()
            os.fsync(archivo.fileno())
        os.chmod(temporal, 0o644)
        os.replace(temporal, str(ruta))
    except BaseException:
        if os.path.exists(temporal):
            os.remove(temporal)
        raise


def guardar_json(ruta, datos: dict, sangria: int = 1) -> None:
    """Escribe un JSON de una vez, legible y en UTF-8."""
    texto = json.dumps(datos, ensure_ascii=False, indent=sangria, allow_nan=False)
    escribir_texto(ruta, texto + "\n")


def sello(ruta) -> str:
    """SHA-256 del contenido de un archivo, en hexadecimal."""
    return hashlib.sha256(Path(str(ruta)).read_bytes()).hexdigest()


def recuperar_carpeta(destino) -> None:
    """Termina un `reemplazar_carpeta` que murió a medias; si no lo hubo, nada.

    Argumentos: `destino`, la carpeta que se reemplazaba.
    """
    destino = Path(str(destino))
    anterior = destino.with_name(destino.name + ".anterior")
    if not anterior.exists():
        return
    if destino.exists():  # la nueva llegó a su lugar: sobra la vieja
        shutil.rmtree(str(anterior))
    else:
        os.rename(str(anterior), str(destino))


def reemplazar_carpeta(provisional, destino) -> None:
    """Pone `provisional` en el lugar de `destino`, haya o no una carpeta ahí.

    La vieja se aparta y solo se borra cuando la nueva está en su lugar: si algo corta
    el programa, `recuperar_carpeta` deja una de las dos, entera.
    Errores: OSError si no se puede; entonces `destino` queda como estaba.
    """
    provisional, destino = Path(str(provisional)), Path(str(destino))
    recuperar_carpeta(destino)
    if destino.exists():
        os.rename(str(destino), str(destino.with_name(destino.name + ".anterior")))
    try:
        os.rename(str(provisional), str(destino))
    finally:
        recuperar_carpeta(destino)


RAZONES = {
    errno.ENOSPC: "no queda espacio en el disco",
    errno.EFBIG: "el archivo pasa del tamaño permitido",
    errno.EACCES: "no tienes permiso",
    errno.EPERM: "no tienes permiso",
    errno.EROFS: "el disco es de solo lectura",
    errno.ENOENT: "no existe",
    errno.EEXIST: "ya hay un archivo con ese nombre",
    errno.ENOTDIR: "una parte de la ruta no es una carpeta",
    errno.EISDIR: "es una carpeta",
}


def razon(error) -> str:
    """Por qué no se pudo leer o escribir, en español y sin punto final.

    Argumentos: `error`, un OSError; de otra excepción solo se supone la razón.
    """
    if not getattr(error, "strerror", None):
        return "quizá falta espacio en el disco"
    return RAZONES.get(error.errno, "el sistema dice «" + error.strerror + "»")


@contextmanager
def escribiendo(que, clase):
    """Dice en una frase por qué no se pudo escribir, en lugar de una traza.

    Argumentos: `que`, el archivo o la carpeta que se escribe dentro del `with`;
    `clase`, la excepción que el programa sabe mostrar.
    Errores: `clase`, con la frase, si dentro hubo un OSError.
    """
    try:
        yield
    except OSError as error:
        raise clase(
            f"No se pudo escribir {que}: {razon(error)}. Si lo tiene abierto otro "
            "programa, ciérralo; si no, revisa el espacio y los permisos, y repite."
        ) from error
