"""Una página con lo que resolviste y un archivo para entregar.

%run -m taller.resumen Ana           en una celda, junto a tus cuadernos
python -m taller.resumen Ana         en una terminal, en esa misma carpeta

El nombre puede ser un apodo. Nada sale de tu equipo: tú decides a quién lo das.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

from . import registro, versiones
from .errores import ErrorDelTaller

FORMATO = 1


def clave(nombre: str) -> str:
    """El nombre para un archivo: «Ana Pérez» → «ana-perez».

    Errores: ErrorDelTaller si no queda ninguna letra ni cifra.
    """
    plano = unicodedata.normalize("NFKD", nombre).encode("ascii", "ignore").decode()
    corto = re.sub(r"[^a-z0-9]+", "-", plano.lower()).strip("-")[:40].strip("-")
    if not corto:
        raise ErrorDelTaller(
            "Di con qué nombre o apodo entregas: %run -m taller.resumen Ana"
        )
    return corto


def contar(intentos: list[dict]) -> dict[str, dict]:
    """Por ejercicio: {"intentos": n, "resuelto": cuándo o None}.

    Los intentos de después de acertar no cuentan.
    """
    cuenta: dict[str, dict] = {}
    for intento in intentos:
        fila = cuenta.setdefault(
            intento["ejercicio"], {"intentos": 0, "resuelto": None}
        )
        if fila["resuelto"] is None:
            fila["intentos"] += 1
            if intento.get("bien") is True:
                fila["resuelto"] = str(intento.get("cuando", ""))
    return cuenta


def entrega(nombre: str, intentos: list[dict]) -> dict:
    """Lo que se entrega: quién, cuándo, con qué versión y cada ejercicio."""
    return {
        "formato": FORMATO,
        "nombre": nombre.strip(),
        "cuando": datetime.now().astimezone().isoformat(timespec="minutes"),
        "curso": versiones.version("taller"),
        "ejercicios": contar(intentos),
    }


def pagina(datos: dict) -> str:
    """El resumen en Markdown: una línea por lección empezada y lo que falta."""
    hechos = {n for n, f in datos["ejercicios"].items() if f["resuelto"]}
    todos = registro.ejercicios()
    total = sum(map(len, todos.values()))
    lineas = [
        f"# Lo que resolvió {datos['nombre']}",
        "",
        f"{len(hechos)} de {total} ejercicios, el {datos['cuando'][:10]}, con la "
        f"versión {datos['curso']} del curso.",
        "",
        "| lección | resueltos | por resolver |",
        "|---|---|---|",
    ]
    for leccion, suyos in todos.items():
        if not set(suyos) & set(datos["ejercicios"]):
            continue
        bien = [n for n in suyos if n in hechos]
        faltan = ", ".join(n for n in suyos if n not in hechos) or "ninguno"
        lineas.append(f"| {leccion} | {len(bien)} de {len(suyos)} | {faltan} |")
    if not datos["ejercicios"]:
        lineas.append("| ninguna todavía | 0 | |")
    lineas += [
        "",
        "Dice qué quedó correcto, no quién lo escribió: la solución está a un clic.",
        "",
    ]
    return "\n".join(lineas)


def escribir(nombre: str, carpeta: Path | str = ".") -> tuple[Path, Path]:
    """Escribe el resumen y la entrega en `carpeta`; devuelve sus rutas.

    Errores: ErrorDelTaller si el nombre no sirve o no se puede escribir ahí.
    """
    carpeta, corto = Path(carpeta), clave(nombre)
    datos = entrega(nombre, registro.leer(carpeta))
    # En Colab cada lección tiene su carpeta: que los archivos no se llamen igual.
    lecciones = {ejercicio.split("-")[0] for ejercicio in datos["ejercicios"]}
    if len(lecciones) == 1:
        corto += f"-{lecciones.pop()}"
    resumen = carpeta / f"resumen-{corto}.md"
    archivo = carpeta / f"entrega-{corto}.json"
    try:
        resumen.write_text(pagina(datos), encoding="utf-8")
        texto = json.dumps(datos, ensure_ascii=False, indent=1) + "\n"
        archivo.write_text(texto, encoding="utf-8")
    except OSError as error:
        raise ErrorDelTaller(
            f"No se pudo escribir en {carpeta.resolve()} ({error.strerror}): abre el "
            "cuaderno en una carpeta tuya y repite."
        ) from error
    return resumen, archivo


def principal(argumentos: list[str]) -> int:
    """Escribe los dos archivos y muestra el resumen."""
    try:
        resumen, archivo = escribir(" ".join(argumentos))
    except ErrorDelTaller as error:
        print(f"✗ {error}")
        return 1
    print(resumen.read_text(encoding="utf-8"))
    print(f"Escribí {resumen.name} y {archivo.name}, que es el que se entrega.")
    if "google.colab" in sys.modules:
        print("En Colab, descárgalo del panel de archivos: la sesión los borra.")
        print("Repite esta celda al final de cada lección: cada una es otra sesión.")
    return 0


if __name__ == "__main__":
    codigo = principal(sys.argv[1:])
    if "ipykernel" not in sys.modules:  # en un cuaderno, salir mancha la celda
        sys.exit(codigo)
