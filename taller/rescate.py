"""Repone lo que falta de las celdas de arriba en un cuaderno para escribir en vivo.

Cada esqueleto que escribe herramientas/cuadernos/en_vivo.py llama a `preparar` al
comienzo, con el código de la lección, y a `reponer` en cada celda «Si vas tarde».
"""

from __future__ import annotations

import builtins
from types import FunctionType

from .errores import ErrorDelTaller
from .nombres import fijos_de, nombres

_celdas: dict[str, str] = {}  # el código de la lección, por celda y en orden
_salio: dict[str, bool] = {}  # si la última vez que se ejecutó terminó sin error
VACIA = (lambda: ...).__code__.co_code
INTENTALO = "reinicia el núcleo y ejecuta el cuaderno desde arriba."


# --- Qué hay que ejecutar -----------------------------------------------------------


def _falta(nombre: str, hay: dict) -> bool:
    """¿No está, o es la función sin cuerpo que trae el esqueleto?"""
    valor = hay.get(nombre, ...)
    return valor is ... or (
        isinstance(valor, FunctionType) and valor.__code__.co_code == VACIA
    )


def por_reponer(celdas: dict[str, str], cual: str, hay: dict) -> list[str]:
    """Las celdas que hay que ejecutar antes de `cual` para que nada falte.

    Argumentos: `celdas`, el código de la lección por celda, en orden; `cual`, la que se
    va a ejecutar; `hay`, los nombres definidos y su valor. Devuelve las claves, en
    orden: las que definen lo que falta, las que después usan y quizá cambian eso mismo,
    y lo que ellas piden.
    """
    orden = list(celdas)
    puesto = {clave: i for i, clave in enumerate(orden)}
    de = {clave: nombres(codigo) for clave, codigo in celdas.items()}
    hasta = puesto[cual]
    elegidas: set[str] = set()

    def definidora(nombre: str, antes_de: int) -> str | None:
        previas = orden[:antes_de]
        return next((c for c in reversed(previas) if nombre in de[c][1]), None)

    # Lo que pide esta celda y lo que, definido arriba, pide cualquiera de las de abajo.
    pendientes = [(n, hasta) for c in orden[hasta:] for n in de[c][0]]
    while pendientes:
        nombre, antes_de = pendientes.pop()
        clave = definidora(nombre, antes_de)
        if clave is None or clave in elegidas or not _falta(nombre, hay):
            continue
        nuevas = [clave]
        while nuevas:  # y las que tocan lo que ellas vuelven a definir
            clave = nuevas.pop()
            if clave in elegidas:
                continue
            elegidas.add(clave)
            pendientes += [(n, puesto[clave]) for n in de[clave][0]]
            vuelven = de[clave][1] - fijos_de(celdas[clave])
            entre = orden[puesto[clave] + 1 : hasta]
            nuevas += [c for c in entre if vuelven & de[c][0]]
    return [clave for clave in orden if clave in elegidas]


# --- En el cuaderno -----------------------------------------------------------------


def _nucleo():
    from IPython import get_ipython

    nucleo = get_ipython()
    if nucleo is None:
        raise ErrorDelTaller("Esto solo funciona en un cuaderno.")
    return nucleo


def _vigilar(resultado) -> None:
    """Después de cada celda: si es de la lección, anota cómo terminó."""
    texto = (resultado.info.raw_cell or "").strip()
    for clave, codigo in _celdas.items():
        if texto == codigo.strip() or f'reponer("{clave}")' in texto:
            _salio[clave] = resultado.success


def preparar(celdas: dict[str, str]) -> None:
    """Guarda el código de la lección, por celda y en orden, y empieza a vigilar."""
    nucleo = _nucleo()
    _celdas.clear()
    _celdas.update(celdas)
    _salio.clear()
    puestos = nucleo.events.callbacks["post_run_cell"]
    if _vigilar not in puestos:
        nucleo.events.register("post_run_cell", _vigilar)
    print("«Si vas tarde» queda listo en las celdas plegadas.")


def _ejecutar(nucleo, claves: list[str]) -> None:
    from IPython.utils.capture import capture_output

    for clave in claves:
        with capture_output():
            hecho = nucleo.run_cell(_celdas[clave], store_history=False, silent=True)
        error = hecho.error_before_exec or hecho.error_in_exec
        if error is not None:
            raise ErrorDelTaller(
                f"No se pudo reponer la celda «{clave}» "
                f"({type(error).__name__}: {error}): {INTENTALO}"
            )
        _salio[clave] = True


def reponer(cual: str) -> None:
    """Deja todo lo de arriba como en la lección, antes del código de la celda `cual`.

    Si una celda de la lección falló, repite todo lo anterior; si no, solo ejecuta lo
    que define nombres que faltan, y respeta lo que ya escribiste.
    Errores: ErrorDelTaller si no se ejecutó la celda que prepara, o si no se puede.
    """
    nucleo = _nucleo()
    if cual not in _celdas:
        raise ErrorDelTaller(
            "Falta ejecutar la celda plegada del comienzo, «Prepara “Si vas tarde”»."
        )
    orden = list(_celdas)
    fallo = next((c for c in orden if _salio.get(c) is False), None)
    if fallo is None:
        claves = por_reponer(_celdas, cual, nucleo.user_ns)
        motivo = "faltaba lo que definen"
    else:
        claves = orden[: orden.index(cual)]
        motivo = f"la celda «{fallo}» había fallado"
        de_la_leccion = set().union(*(nombres(c)[1] for c in _celdas.values()))
        suyos = nucleo.user_ns_hidden  # trae el `open` de IPython
        for nombre in set(nucleo.user_ns) & set(dir(builtins)) - de_la_leccion:
            if nombre in suyos:
                nucleo.user_ns[nombre] = suyos[nombre]
            elif not nombre.startswith("_"):
                del nucleo.user_ns[nombre]  # un `list = …` escrito por descuido
        _salio.clear()
    if claves:
        cuantas = f"{len(claves)} celdas" if len(claves) > 1 else "una celda"
        print(f"Repongo {cuantas} de arriba: {motivo}.", flush=True)
        _ejecutar(nucleo, claves)
