"""Los minutos de estudio de una lección: quien la hace a solas, ejercicios incluidos.

    python -m herramientas.sala.estudio             cuánto dura cada una y cómo se suma
    python -m herramientas.sala.estudio --escribir  lo pone en cada primera celda y en
                                                    la portada del curso

A lo que la primera celda dice de lectura y de ejecución se le suma lo que se escribe,
una pausa por cada celda que se corre y un rato por ejercicio. Los tres ritmos de abajo
son un supuesto, no una medida: nadie ha cronometrado a una clase.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass

from nbformat import NotebookNode

from herramientas.archivos import RAIZ, escribir_texto
from herramientas.cuadernos import huecos
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import etiquetas
from herramientas.cuadernos.lenguas import lengua_de

POR_CELDA = 1  # minutos: correrla y mirar lo que sale
POR_EJERCICIO = 10  # minutos: leerlo, probar, una pista y comparar con la solución
MULTIPLO = 5
CORTO = "00 01 03 06 07 08 09 10".split()  # el camino más corto hasta la 10
PORTADA = RAIZ / "book" / "index.md"
DEL_CAMINO = re.compile(r"(?<=Por tu cuenta,\scon\sejercicios,\sunos\s)\d+")


@dataclass(frozen=True)
class Cuenta:
    """De una lección, o de sus secciones esenciales: de dónde salen los minutos.

    `lectura` y `ejecucion`, en minutos; `letras`, las que se escriben; `celdas`, las
    que se corren, y `ejercicios`, cuántos son.
    """

    lectura: float
    ejecucion: int
    letras: int
    celdas: int
    ejercicios: int

    @property
    def minutos(self) -> int:
        """La suma, al múltiplo de cinco más cercano."""
        suma = self.lectura + self.ejecucion + self.letras / huecos.POR_MINUTO
        suma += POR_CELDA * self.celdas + POR_EJERCICIO * self.ejercicios
        return MULTIPLO * round(suma / MULTIPLO)


def _lo_esencial(cuaderno: NotebookNode) -> list[NotebookNode]:
    """Las celdas sin las de las secciones optativas; portada y cierre cuentan."""
    optativas, dentro = set(), False
    titulos = {s.celda: s.titulo for s in cuadernos.secciones(cuaderno)}
    for i, _ in enumerate(cuaderno.cells):
        dentro = titulos[i].endswith(" (optativo)") if i in titulos else dentro
        if dentro:
            optativas.add(i)
    return [c for i, c in enumerate(cuaderno.cells) if i not in optativas]


def contar(cuaderno: NotebookNode, esencial: bool = False) -> Cuenta:
    """Lo que pide la lección o, con `esencial`, lo que piden esas secciones.

    De lo esencial se lee la parte de sus celdas, y la ejecución se cuenta entera.
    Errores: ErrorDeCuaderno si la primera celda no dice los minutos.
    """
    dichos = cuadernos.minutos(cuaderno)
    if dichos is None:
        raise cuadernos.ErrorDeCuaderno(
            "La primera celda no dice los minutos de lectura y de ejecución: copia esa "
            "línea de otra lección."
        )
    celdas = _lo_esencial(cuaderno) if esencial else cuaderno.cells
    codigo = [
        c for c in celdas if c.cell_type == "code" and "solucion" not in etiquetas(c)
    ]
    se_escriben = huecos.elegir(cuaderno)
    ejercicios = sum("ejercicio" in etiquetas(c) for c in codigo)
    return Cuenta(
        lectura=dichos.lectura * len(celdas) / len(cuaderno.cells),
        ejecucion=dichos.ejecucion,
        letras=sum(
            huecos.por_escribir(c.source) for c in codigo if c.id in se_escriben
        ),
        celdas=len(codigo) - ejercicios,
        ejercicios=ejercicios,
    )


def impreso(cuaderno: NotebookNode) -> int | None:
    """Los minutos de estudio que dice la primera celda, o None si no los dice."""
    dicho = lengua_de(cuaderno).linea_de_estudio.search(cuaderno.cells[0].source)
    return int(dicho[2]) if dicho else None


def camino_corto() -> int:
    """Los minutos de estudio del camino más corto: lo esencial de ocho lecciones."""
    rutas = cuadernos.rutas(CORTO)
    return sum(contar(cuadernos.leer(r), esencial=True).minutos for r in rutas)


def poner(cuaderno: NotebookNode) -> bool:
    """Corrige o añade los minutos de la primera celda; dice si cambió algo."""
    primera, son = cuaderno.cells[0], contar(cuaderno).minutos
    if impreso(cuaderno) == son:
        return False
    lengua = lengua_de(cuaderno)
    if impreso(cuaderno) is not None:
        primera.source = lengua.linea_de_estudio.sub(
            rf"\g<1>{son}\g<3>", primera.source
        )
    else:
        linea = lengua.linea_de_minutos.search(primera.source)[0].rstrip()
        nueva = f"{linea}\n\n{str(son).join(lengua.estudio)}."
        primera.source = primera.source.replace(linea, nueva)
    return True


def escribir() -> None:
    """Pone los minutos contados en cada primera celda y en la portada del curso."""
    for ruta in cuadernos.rutas():
        cuaderno = cuadernos.leer(ruta)
        if poner(cuaderno):
            cuadernos.guardar(cuaderno, ruta)
    texto = PORTADA.read_text(encoding="utf-8")
    escribir_texto(PORTADA, DEL_CAMINO.sub(str(camino_corto()), texto))


def main() -> None:
    """Una línea por lección; con --escribir, también las corrige."""
    opciones = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    opciones.add_argument("--escribir", action="store_true", help="corrige lo impreso")
    if opciones.parse_args().escribir:
        escribir()
    for ruta in cuadernos.rutas():
        cuaderno = cuadernos.leer(ruta)
        print(f"{ruta.stem}: dice {impreso(cuaderno)}, {contar(cuaderno)}", end=" ")
        print(f"= {contar(cuaderno).minutos} min")
    print(f"camino más corto: {camino_corto()} min")


if __name__ == "__main__":
    main()
