"""Compara DPO, GRPO y más ajuste supervisado desde el adaptador de la lección 10.

    python -m herramientas.medidas.estudio_preferencias  # se puede cortar y seguir
    python -m herramientas.medidas.estudio_preferencias --azar 7  # una semilla

Corre las celdas de la lección 15 tal como están. Los puntos de la fase «elegir», de una
sola semilla, miran `validacion` y `libres_validacion`; los de la fase «final», con lo
elegido y tres semillas, leen `prueba`, `nunca_leidos` y `libres`, una sola vez.
"""

from __future__ import annotations

from random import Random

from herramientas.medidas.celdas import Leccion
from herramientas.medidas.estudios import (
    Estudio,
    estudiar,
    leer_informe,
    opciones,
    ruta_de,
)

LECCION = Leccion(
    "15_preferencias",
    solo="importar datos ajustes cargar medir pares ver-pares ajustar dpo sft partida "
    "recompensa grpo",
)
N = {"validacion": 64, "libres_validacion": 32}
N_FINAL = {"prueba": 120, "nunca_leidos": 120, "libres": 120}
# Lo que se prueba: (brazo, beta, tasa).
TASAS = (5e-5, 2e-4)
PROBAR = [
    (brazo, beta, tasa)
    for tasa in TASAS
    for brazo, beta in (("GRPO", 0.02), ("DPO", 0.1), ("más SFT", 0.0))
]
MEDIDAS = {
    "DPO": ("rewards/accuracies", "rewards/chosen", "rewards/rejected"),
    "GRPO": ("reward", "kl", "frac_reward_zero_std"),
    "más SFT": ("loss",),
}


def elegir(informe: dict) -> list[tuple[str, float, float]]:
    """De cada brazo, lo que más acierta al elegir; vacía si falta algo por probar.

    Si dos empatan gana el primero de PROBAR, el de menor tasa.
    """
    aciertos = {
        (m["brazo"], m["beta"], m["tasa"]): sum(m[parte].count("1") for parte in N)
        for m in informe.get("medidas", [])
        if m["fase"] == "elegir"
    }
    if any(probado not in aciertos for probado in PROBAR):
        return []
    brazos = dict.fromkeys(brazo for brazo, *_ in PROBAR)
    return [max((p for p in PROBAR if p[0] == b), key=aciertos.get) for b in brazos]


def puntos(azar: int) -> list[dict]:
    """Con la primera semilla, lo que se prueba; con todas, lo que eso eligió."""
    elegidos = elegir(leer_informe(ruta_de(ESTUDIO.programa)))
    fases = {"elegir": PROBAR if azar == ESTUDIO.azar[0] else [], "final": elegidos}
    return [
        {"fase": fase, "brazo": brazo, "beta": beta, "tasa": tasa, "azar": azar}
        for fase, lista in fases.items()
        for brazo, beta, tasa in lista
    ]


def filas_de(parte: str) -> list[dict]:
    """Las primeras filas de una partición, cada libre en vos y en usted."""
    e, n = LECCION.espacio, (N | N_FINAL)[parte]
    if parte.startswith("libres"):
        libres = e["cargar_datos"]("libres")[parte]
        return [f | {"a": a} for f in libres for a in ("vos", "usted")][:n]
    return list(e["datos"][parte])[:n]


def medir_partes(modelo, partes) -> dict:
    """Por partición, una cifra por fila: 1 si acertó."""
    acertar = LECCION.espacio["acertar"]
    bien = {parte: acertar(modelo, filas_de(parte)) for parte in partes}
    return {p: "".join(str(int(b)) for b in suyos) for p, suyos in bien.items()}


def entrenador_de(punto: dict):
    """El entrenador de la lección para un punto, sin entrenar todavía."""
    e, azar, tasa = LECCION.espacio, punto["azar"], punto["tasa"]
    if punto["brazo"] == "DPO":
        return e["entrenador_dpo"](e["pares_de"](azar), punto["beta"], tasa, azar)
    if punto["brazo"] == "más SFT":
        filas = Random(azar).sample(e["nuevas"], e["PASOS"] * e["SECUENCIAS"])
        return e["entrenador_sft"](filas, tasa, azar)
    consignas = e["PASOS"] * e["SECUENCIAS"] // e["GRUPO"]
    filas = Random(azar).sample(e["nuevas"], consignas)
    return e["entrenador_grpo"](filas, e["exacta"], punto["beta"], tasa, azar)


def medir(punto: dict) -> dict:
    """Las curvas de un entrenamiento y lo que acierta después."""
    e = LECCION.espacio
    hecho = e["ajustar"](entrenador_de(punto))
    curvas = {
        c: [float(f"{v:.4g}") for v in e["curva"](hecho, c)]
        for c in MEDIDAS[punto["brazo"]]
    }
    partes = N_FINAL if punto["fase"] == "final" else N
    return {"curvas": curvas} | medir_partes(hecho.model, partes)


def antes() -> dict:
    """El adaptador de la lección 10, sin tocar."""
    e = LECCION.espacio
    return medir_partes(e["cargar"](e["PARTIDA"]), N | N_FINAL)


def diferencia(antes: str, despues: list[str]) -> dict:
    """Puntos de más sobre `antes`, con su intervalo pareado del 95 %.

    Cada fila vale el promedio de las semillas menos lo que valía antes: el intervalo es
    sobre las filas, que son las mismas. Cuenta también cuántas arregla y estropea.
    """
    n = len(antes)
    mejoras = [
        sum(int(d[i]) for d in despues) / len(despues) - int(antes[i]) for i in range(n)
    ]
    media = sum(mejoras) / n
    error = (sum((m - media) ** 2 for m in mejoras) / (n - 1) / n) ** 0.5
    pares = [(a, d[i]) for d in despues for i, a in enumerate(antes)]
    cifras = {
        "puntos": media,
        "bajo": media - 1.96 * error,
        "alto": media + 1.96 * error,
    }
    cuenta = {"arregla": pares.count(("0", "1")), "estropea": pares.count(("1", "0"))}
    semillas = [round((d.count("1") - antes.count("1")) / n, 4) for d in despues]
    return {c: round(v, 4) for c, v in cifras.items()} | cuenta | {"semillas": semillas}


def resumir(informe: dict) -> dict:
    """Por fase, brazo y partición, la diferencia con el adaptador de partida."""
    filas, vistos = [], {}
    for m in informe["medidas"]:
        clave = (m["fase"], m["brazo"], m["beta"], m["tasa"])
        vistos.setdefault(clave, []).append(m)
    for (fase, brazo, beta, tasa), suyos in vistos.items():
        comun = {"fase": fase, "brazo": brazo, "beta": beta, "tasa": tasa}
        for parte in N | N_FINAL:
            if parte in suyos[0]:
                dif = diferencia(informe["antes"][parte], [m[parte] for m in suyos])
                filas.append(comun | {"parte": parte} | dif)
    elegidos = {b: {"beta": beta, "tasa": tasa} for b, beta, tasa in elegir(informe)}
    return {"resumen": filas, "elegido": elegidos}


ESTUDIO = Estudio(
    programa="estudio_preferencias",
    puntos=puntos,
    clave=("fase", "brazo", "beta", "tasa", "azar"),
    medir=medir,
    datos={
        "tratamientos": ("entrenamiento", "validacion", "prueba", "nunca_leidos"),
        "libres": ("libres_validacion", "libres"),
    },
    leccion=LECCION,
    adaptador=True,
    antes=antes,
    ajustes=lambda: {
        "pasos": LECCION.espacio["PASOS"],
        "secuencias": LECCION.espacio["SECUENCIAS"],
        "grupo": LECCION.espacio["GRUPO"],
        "n": N | N_FINAL,
    },
    resumen=resumir,
)

if __name__ == "__main__":
    pedido = vars(opciones(__doc__).parse_args())
    estudiar(ESTUDIO, **pedido)  # primero se prueba…
    estudiar(ESTUDIO, **pedido)  # …y con lo elegido, lo final
