"""Reglas sobre lo que quedó guardado: ejecutado, limpio y descrito."""

import re
from functools import cache

from herramientas.cuadernos import huellas
from herramientas.cuadernos.leer import de_codigo, etiquetas
from herramientas.cuadernos.salidas import CONTROL, limpiar_salidas, rutas_ajenas

from . import regla
from .prosa import NOMBRE_DE_ARCHIVO

ALT_MINIMO = 40


@cache
def _hoy() -> dict[str, str]:
    """La foto del proyecto, una vez por sesión."""
    return huellas.foto()


@regla
def ejecutado(cuaderno, ruta):
    """Todas las celdas se ejecutaron, en orden y con «make ejecutar»."""
    cuentas = [c.execution_count for c in de_codigo(cuaderno)]
    if cuentas == list(range(1, len(cuentas) + 1)):
        return []
    return [f"no se ejecutó entero y en orden: make ejecutar ARGS={ruta.stem}"]


@regla
def salidas_vigentes(cuaderno, ruta):
    """Las salidas corresponden al código y a lo que el cuaderno usó de taller."""
    return [
        f"{motivo}; ejecuta make ejecutar ARGS={ruta.stem}"
        for motivo in huellas.motivos(cuaderno, _hoy())
    ]


@regla
def sin_errores(cuaderno, ruta):
    """Un error guardado solo en una celda `raises-exception`, y allí siempre."""
    faltas = []
    for celda in de_codigo(cuaderno):
        hay = [s for s in celda.outputs if s.output_type == "error"]
        espera = "raises-exception" in etiquetas(celda)
        if hay and not espera:
            faltas.append(f"celda «{celda.id}»: guarda un error ({hay[0].ename})")
        if espera and not hay:
            faltas.append(f"celda «{celda.id}»: debía mostrar un error y no lo guarda")
    return faltas


@regla
def salidas_limpias(cuaderno, ruta):
    """Sin controles vivos, barras, rutas ni metadatos de una ejecución."""
    faltas = []
    if "widgets" in cuaderno.metadata:
        faltas.append("metadata.widgets: GitHub dirá «Invalid Notebook»")
    for celda in de_codigo(cuaderno):
        if ajenas := rutas_ajenas(celda):
            faltas.append(
                f"celda «{celda.id}»: muestra una ruta de máquina {ajenas[0]}"
            )
        if any(CONTROL in s.get("data", {}) for s in celda.outputs):
            faltas.append(f"celda «{celda.id}»: guarda un control vivo")
        if "execution" in celda.metadata:
            faltas.append(f"celda «{celda.id}»: guarda las horas de ejecución")
        limpias, _ = limpiar_salidas(celda.outputs, celda.id)
        if limpias != celda.outputs and not faltas:
            faltas.append(f"celda «{celda.id}»: sus salidas no pasaron por la limpieza")
    if faltas:
        faltas.append(f"ejecuta make ejecutar ARGS={ruta.stem}")
    return faltas


@regla
def figuras_con_texto(cuaderno, ruta):
    """Toda imagen calculada tiene un texto que dice qué se ve y qué muestra."""
    faltas = []
    for celda in de_codigo(cuaderno):
        tipos = [t for s in celda.outputs for t in s.get("data", {})]
        con_imagen = any(t.startswith("image/") for t in tipos)
        alt = celda.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        alt = alt.strip() if isinstance(alt, str) else ""
        if con_imagen and (len(alt) < ALT_MINIMO or NOMBRE_DE_ARCHIVO.match(alt)):
            faltas.append(
                f"celda «{celda.id}»: su figura no tiene texto alternativo; escribe en "
                'sus metadatos {"mystnb": {"image": {"alt": "…"}}} qué se ve y qué '
                f"muestra ({ALT_MINIMO} letras o más; tiene {len(alt)})"
            )
    return faltas


@regla
def sin_numeros_de_reloj(cuaderno, ruta):
    """Los tiempos medidos solo se guardan en celdas `medida`."""
    patron = re.compile(
        r"train_runtime|samples_per_second|\bit/s\b|CPU times|Wall time"
    )
    faltas = []
    for celda in de_codigo(cuaderno):
        if "medida" in etiquetas(celda):
            continue
        for salida in celda.outputs:
            texto = salida.get("text", "") or salida.get("data", {}).get(
                "text/plain", ""
            )
            if m := patron.search(texto):
                faltas.append(
                    f"celda «{celda.id}»: guarda un tiempo ({m[0]}); etiquétala "
                    "`medida` o no lo muestres"
                )
    return faltas
