"""Cuenta finanzas y pone al día su archivo de cifras y su ficha.

Uso: python -m herramientas.datos.contar_finanzas
Escribe resultados/finanzas.json y las tablas de book/ficha_finanzas.md.
"""

from collections import Counter

from herramientas.datos import fichas, lineas_base
from taller.conjuntos.finanzas import CAMPOS, construir_finanzas

CIFRAS, FICHA = fichas.cifras_y_ficha("finanzas")
MINIMO = 30  # con menos casos, la ficha no da el acierto
BASES = {
    "sentimiento": lineas_base.sentimiento,
    "entidades": lineas_base.entidades,
    "preguntas": lineas_base.preguntas,
}


def _cuenta(valores) -> dict[str, int]:
    return dict(sorted(Counter(valores).items()))


def contar() -> dict:
    """Cifras de cada parte y partición: filas, plantillas, países y etiquetas."""
    cifras = {}
    for parte in CAMPOS:
        cifras[parte] = {}
        for particion, filas in construir_finanzas(parte).items():
            suyas = {
                "filas": len(filas),
                "plantillas": len({f["plantilla"] for f in filas}),
                "paises": _cuenta(f["pais"] for f in filas),
            }
            if parte == "sentimiento":
                suyas["etiquetas"] = _cuenta(f["etiqueta"] for f in filas)
                suyas["casos"] = _cuenta(f["caso"] for f in filas)
                suyas["familias"] = len({f["familia"] for f in filas})
            if parte == "entidades":
                tipos = [e["tipo"] for f in filas for e in f["entidades"]]
                suyas["tipos"] = _cuenta(tipos)
            if parte == "preguntas":
                suyas["temas"] = _cuenta(f["tema"] for f in filas)
                suyas["respuestas"] = len({f["respuesta"] for f in filas})
                suyas["fuentes"] = len({f["fuente"] for f in filas})
                suyas["respaldos"] = _cuenta(f["respaldo"] for f in filas)
                suyas["con_alias"] = sum(bool(f["alias"]) for f in filas)
                suyas["con_fecha"] = sum(bool(f["consultado"]) for f in filas)
            cifras[parte][particion] = suyas
    return cifras


def medir() -> dict:
    """Lo que aciertan en `prueba` las líneas de base de cada parte."""
    return {p: base(construir_finanzas(p)) for p, base in BASES.items()}


def _tabla(titulos: list[str], filas: list[tuple]) -> str:
    """Una tabla en Markdown: la primera columna es texto; las demás, números."""
    renglones = ["| " + " | ".join(titulos) + " |"]
    renglones.append("|---|" + "---:|" * (len(titulos) - 1))
    renglones += ["| " + " | ".join(str(celda) for celda in f) + " |" for f in filas]
    return "\n".join(renglones)


def tabla_tamanos(cifras: dict) -> str:
    """Cuántas filas, plantillas y etiquetas hay en cada partición."""
    filas = []
    for parte, particiones in cifras.items():
        columnas = list(particiones.values())
        filas.append((f"**{parte}**", *(c["filas"] for c in columnas)))
        for medida in ("plantillas", "familias", "respuestas", "fuentes"):
            if medida in columnas[0]:
                filas.append((f"{medida}", *(c[medida] for c in columnas)))
        for medida in ("etiquetas", "tipos", "respaldos"):
            for valor in columnas[0].get(medida, {}):
                filas.append(
                    (f"*{valor}*", *(c[medida].get(valor, 0) for c in columnas))
                )
    return _tabla(["parte", *next(iter(cifras.values()))], filas)


def tabla_paises(cifras: dict) -> str:
    """Cuántas filas hay de cada país, con las tres particiones juntas."""
    totales = {
        parte: sum((Counter(c["paises"]) for c in particiones.values()), Counter())
        for parte, particiones in cifras.items()
    }
    suma = sum(totales.values(), Counter())
    orden = sorted(suma, key=lambda pais: (-suma[pais], pais))
    filas = [(pais, *(totales[parte][pais] for parte in cifras)) for pais in orden]
    return _tabla(["país", *cifras], filas)


def _tanto(proporcion: float) -> str:
    return f"{100 * proporcion:.1f}".replace(".", ",") + " %"


def tabla_bases(bases: dict) -> str:
    """Aciertos de las líneas de base, con el tamaño de la muestra y su intervalo."""
    sentimiento, preguntas = bases["sentimiento"], bases["preguntas"]
    regla = sentimiento["regla_de_neutras"]
    nombres = [
        ("sentimiento: la clase mayoritaria", sentimiento["mayoritaria"]),
        ("sentimiento: bolsa de palabras", sentimiento["tfidf"]),
    ]
    nombres += [
        (f"bolsa de palabras, caso *{caso}*", medida)
        for caso, medida in sentimiento["tfidf_por_caso"].items()
        if medida["n"] >= MINIMO
    ]
    nombres += [
        ("neutras que halla una regla de ocho palabras", regla["halladas"]),
        ("preguntas: copiar la más parecida", preguntas["copiar_la_mas_parecida"]),
    ]
    filas = [
        (
            nombre,
            medida["n"],
            _tanto(medida["proporcion"]),
            " a ".join(_tanto(limite) for limite in medida["intervalo"]),
        )
        for nombre, medida in nombres
    ]
    return _tabla(["línea de base", "n", "acierto", "intervalo del 95 %"], filas)


def tabla_memoria(bases: dict) -> str:
    """F1 de la memoria de palabras en entidades, por tipo."""
    filas = [
        (tipo, medida["n"], f"{medida['f1']:.3f}".replace(".", ","))
        for tipo, medida in bases["entidades"]["memoria"].items()
    ]
    return _tabla(["entidades: memoria de palabras", "n", "F1"], filas)


def tablas(cifras: dict, bases: dict) -> dict[str, str]:
    """Cada tabla de la ficha, por su nombre."""
    return {
        "tamaños": tabla_tamanos(cifras),
        "países": tabla_paises(cifras),
        "bases": tabla_bases(bases),
        "memoria": tabla_memoria(bases),
    }


def main() -> None:
    """Cuenta, mide las líneas de base y pone al día las cifras y la ficha."""
    cifras, bases = contar(), medir()
    todo = {"cifras": cifras, "bases": bases}
    fichas.poner_al_dia("finanzas", todo, tablas(cifras, bases))


if __name__ == "__main__":
    main()
