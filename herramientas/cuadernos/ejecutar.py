"""Ejecuta los cuadernos con el modelo pequeño y guarda sus salidas limpias.

    make ejecutar                            todos
    make ejecutar ARGS="01 10_qlora_sft"     solo esos
    make ejecutar ARGS=--solo-viejos         los que ya no están al día
    make ejecutar ARGS=--comprobar           solo dice cuáles no lo están
    make ejecutar ARGS=--instalar            solo renueva la celda `instalar`

Un cuaderno se escribe entero o no se toca: si una celda falla, o si algo corta el
programa, queda la versión anterior. Los tiempos y la memoria van a
resultados/cuadernos.json.
"""

from __future__ import annotations

import argparse
import copy
import datetime
import json
import os
import sys
import tempfile
from pathlib import Path

from herramientas.archivos import RAIZ, RESULTADOS
from herramientas.cuadernos import huellas, nucleo, salidas
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import ErrorDeCuaderno
from herramientas.cuadernos.lenguas import lengua_de

HILOS = int(cuadernos.ENTORNO["TALLER_HILOS"])
REGISTRO = RESULTADOS / "cuadernos.json"


def segundos_es(valor: float) -> str:
    """«12,3 s»: con coma decimal, como en el resto del curso."""
    return f"{valor:.1f} s".replace(".", ",")


def poner_instalacion(cuaderno, raiz: Path = RAIZ) -> bool:
    """Pone al día la celda `instalar`. Devuelve si cambió algo."""
    cambio = False
    for celda in cuadernos.de_codigo(cuaderno):
        if "instalar" in cuadernos.etiquetas(celda):
            extra = cuadernos.extra_de(cuaderno, raiz)
            fuente = cuadernos.celda_instalar(
                *cuadernos.proyecto(raiz), extra, lengua_de(cuaderno)
            )
            cambio |= celda.source != fuente
            celda.source = fuente
    return cambio


def anotar(nombre: str, medidas: dict, registro: Path = REGISTRO) -> None:
    """Añade las medidas de un cuaderno al registro, con la fecha y los núcleos."""
    try:
        datos = json.loads(registro.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        datos = {}
    todos = datos.get("cuadernos", {})
    todos[nombre] = {
        **medidas,
        "fecha": datetime.date.today().isoformat(),
        "nucleos": os.cpu_count(),
        "hilos": HILOS,
    }
    datos = {
        "programa": "herramientas/cuadernos/ejecutar.py",
        "perfil": "semilla",
        "nota": "segundos de reloj y de procesador, y pico de memoria del núcleo",
        "cuadernos": dict(sorted(todos.items())),
    }
    texto = json.dumps(datos, ensure_ascii=False, indent=2) + "\n"
    cuadernos.escribir_texto(registro, texto)


def _mostrar(celda, numero, total, segundos):
    """Una línea por celda: primero cuál es; al terminar, cuánto tardó."""
    if segundos is None:
        print(f"  [{numero}/{total}] {celda.id} … ", end="", flush=True)
    else:
        print(segundos_es(segundos), flush=True)


def ejecutar_y_guardar(
    ruta: Path, limite: float | None = None, registro: Path = REGISTRO, mostrar=_mostrar
) -> list[str]:
    """Ejecuta un cuaderno y, si todo sale bien, lo reemplaza. Devuelve consejos.

    Lanza ErrorDeCuaderno si una celda falla, si una salida muestra una ruta de esta
    máquina, o si el archivo cambió mientras se ejecutaba; entonces no escribe nada.
    """
    antes = ruta.read_bytes()
    cuaderno = cuadernos.leer(ruta)
    poner_instalacion(cuaderno)
    viejo = copy.deepcopy(cuaderno)
    # Antes de ejecutar: si alguien edita taller mientras tanto, quedará como viejo.
    hoy = huellas.foto()
    with tempfile.TemporaryDirectory() as carpeta:
        testigo = Path(carpeta) / "usos.txt"
        medidas = nucleo.ejecutar(cuaderno, ruta.parent, limite, mostrar, testigo)
        anotado = testigo.read_text("utf-8") if testigo.exists() else ""
    consejos = salidas.limpiar(cuaderno)
    salidas.conservar(viejo, cuaderno)
    huella = huellas.calcular(cuaderno, huellas.usos(anotado), hoy)
    cuaderno.metadata["taller"] = {"hilos": HILOS, "huella": huella}
    if ruta.read_bytes() != antes:
        raise ErrorDeCuaderno(
            "El archivo cambió mientras se ejecutaba. Guarda tu trabajo y repite."
        )
    cuadernos.guardar(cuaderno, ruta)
    anotar(ruta.stem, medidas, registro)
    return consejos + nucleo.excesos(ruta.stem, **medidas)


def comprobar(rutas: list[Path]) -> int:
    """Dice qué cuadernos no están al día; 1 si hay alguno."""
    viejos = 0
    for ruta in rutas:
        if motivos := huellas.motivos(cuadernos.leer(ruta)):
            viejos += 1
            print(f"✗ {ruta.name}: {'; '.join(motivos)}")
        else:
            print(f"✓ {ruta.name}: al día")
    if viejos:
        print("Para ponerlos al día: make ejecutar ARGS=--solo-viejos")
    return 1 if viejos else 0


def sincronizar(rutas: list[Path]) -> int:
    """Pone al día solo la celda `instalar`; no ejecuta nada."""
    for ruta in rutas:
        cuaderno = cuadernos.leer(ruta)
        if poner_instalacion(cuaderno):
            cuadernos.guardar(cuaderno, ruta)
            print(f"✓ {ruta.name}: celda `instalar` puesta al día")
    return 0


def ejecutar_todos(rutas: list[Path], limite: float | None) -> int:
    """Ejecuta cada cuaderno; un fallo no detiene a los demás. 1 si alguno falló."""
    fallidos = []
    for ruta in rutas:
        print(f"▶ {ruta.name}", flush=True)
        try:
            for consejo in ejecutar_y_guardar(ruta, limite):
                print(f"  ! {consejo}")
            print(f"✓ {ruta.name}: salidas guardadas")
        except ErrorDeCuaderno as error:
            fallidos.append(ruta.name)
            print(f"\n✗ {ruta.name}: {error}\n  No se guardó nada.", flush=True)
    if fallidos:
        print(f"\nFallaron {len(fallidos)}: {', '.join(fallidos)}")
    return 1 if fallidos else 0


def principal(argumentos: list[str] | None = None) -> int:
    lector = argparse.ArgumentParser(
        description="Ejecuta los cuadernos y guarda sus salidas limpias."
    )
    lector.add_argument(
        "cuadernos", nargs="*", help="«01», «01_tokenizacion» o una ruta"
    )
    modo = lector.add_mutually_exclusive_group()
    modo.add_argument(
        "--comprobar", action="store_true", help="solo dice cuáles son viejos"
    )
    modo.add_argument(
        "--solo-viejos", action="store_true", help="salta los que están al día"
    )
    modo.add_argument(
        "--instalar", action="store_true", help="solo la celda `instalar`"
    )
    lector.add_argument("--limite", type=float, default=900, help="segundos por celda")
    opciones = lector.parse_args(argumentos)
    try:
        rutas = cuadernos.rutas(opciones.cuadernos)
        if not opciones.cuadernos:
            rutas += cuadernos.traducciones()
        if not rutas:
            raise ErrorDeCuaderno("No hay cuadernos en notebooks/.")
        if opciones.comprobar:
            return comprobar(rutas)
        if opciones.instalar:
            return sincronizar(rutas)
        if opciones.solo_viejos:
            rutas = [r for r in rutas if huellas.motivos(cuadernos.leer(r))]
        return ejecutar_todos(rutas, opciones.limite)
    except ErrorDeCuaderno as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nInterrumpido: el cuaderno en curso queda como estaba.", file=sys.stderr
        )
        return 130


if __name__ == "__main__":
    sys.exit(principal())
