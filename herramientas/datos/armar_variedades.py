"""Arma los pares en espejo de variedades con los marcos escritos a mano.

    python -m herramientas.datos.armar_variedades

Lee herramientas/datos/marcos_variedades/*.txt, conjuga con `taller.conjugar` y escribe
espejo.jsonl y las filas `vos_tu` de menos_usual.jsonl. De cada marco salen dos pares:

    Vos tenés razón.  / *Vos tiene razón.
    Usted tiene razón. / *Usted tenés razón.

Así cada forma es buena una vez y mala otra: quien la elige sin mirar la oración acierta
justo la mitad. En un marco, `[tener]` es el verbo que cambia; `{tener}`, otro que
concuerda con el sujeto; `{S}`, el pronombre; `{tu/su}`, lo que va con cada persona.
Tras un punto va el tiempo, o `no` para la orden negativa; tras `+`, el enclítico.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from herramientas.archivos import escribir_texto
from taller.conjuntos.variedades import CANARIO, CARPETA, PARTICIONES
from taller.verbos.conjugacion import REFLEXIVOS, conjugar

MARCOS = Path(__file__).parent / "marcos_variedades"
HUECO = re.compile(r"\[([^\]]+)\]|\{([^}]+)\}")
# Dónde vale cada trato. Lo que convive en una zona no se castiga en ella: por eso hay
# marcos sin Colombia ni Costa Rica, donde los tratos se mezclan, y otros solo donde la
# -s final no se pierde («tú no grites», «tú no grite»).
ZONAS = {
    "todas": "AR BO CL CO CR CU EC GT MX PE PY UY VE ES",
    "vos": "AR UY PY CR GT CO",
    "vos sin CO ni CR": "AR UY PY GT",
    "rioplatense": "AR UY PY",
    "tú": "CO CL MX PE EC VE CU BO ES",
    "tú sin CO": "CL MX PE EC VE CU BO ES",
    "tú con s": "MX PE EC BO",
}
NOMBRES = {"chileno": "tú"}  # el pronombre del voseo verbal chileno
CON = {
    "tú": "tú",
    "vos": "vos",
    "usted": "usted, él o ella",
    "ustedes": "ustedes, ellos o ellas",
    "vosotros": "vosotros",
    "chileno": "tú en el voseo verbal de Chile",
}
DPD_VOSEO = "http://lema.rae.es/dpd/?key=voseo"
DPD_USTED = "https://www.rae.es/dpd/usted"
SUJETO_Y_VERBO = "http://aplica.rae.es/grweb/cgi-bin/v.cgi?i=wnVLtoklyUXIcRaW"
TUTEO = "https://es.wikipedia.org/wiki/Tuteo"
URUGUAY = "https://scholarworks.iu.edu/journals/index.php/iulcwp/article/view/26226"


def _forma(verbo: str, persona: str, imperativo: bool) -> tuple[str, str]:
    """El clítico reflexivo suelto, si lo hay, y la forma de `[verbo.tiempo+me]`."""
    verbo, _, enclitico = verbo.partition("+")
    verbo, _, tiempo = verbo.partition(".")
    tiempo = tiempo or ("imperativo" if imperativo else "presente")
    tiempo = {"no": "imperativo negativo"}.get(tiempo, tiempo)
    dicha = conjugar(verbo, persona, tiempo, enclitico)
    *antes, forma = dicha.split()
    return " ".join(antes), forma


def _llenar(texto: str, personas: list[str], sujeto: int, verbo: int, orden: bool):
    """La oración con un sujeto y el verbo crítico de esa persona o de la otra.

    Devuelve la oración y la forma crítica. El clítico reflexivo va con el sujeto: en
    la mala solo cambia el verbo.
    """
    quien, critica = personas[sujeto], ""

    def poner(hallado: re.Match) -> str:
        nonlocal critica
        if hallado[1]:
            clitico, critica = _forma(hallado[1], personas[verbo], orden)
            return f"{REFLEXIVOS[quien]} {critica}" if clitico else critica
        if hallado[2] == "S":
            return NOMBRES.get(quien, quien)
        if "/" in hallado[2]:
            return hallado[2].split("/")[sujeto]
        return " ".join(filter(None, _forma(hallado[2], quien, orden)))

    salida = HUECO.sub(poner, texto)
    lugar = re.search(r"\w", salida).start()
    return salida[:lugar] + salida[lugar].upper() + salida[lugar + 1 :], critica


def leer(nombre: str) -> list[list[str]]:
    """Los campos de cada línea de un archivo de marcos, sin los comentarios."""
    lineas = (MARCOS / f"{nombre}.txt").read_text(encoding="utf-8").splitlines()
    return [[c.strip() for c in x.split("|")] for x in lineas if x and x[0] != "#"]


def _fuente(personas: list[str]) -> str:
    if set(personas) & {"vos", "chileno"}:
        return DPD_VOSEO
    return DPD_USTED if "ustedes" in personas else SUJETO_Y_VERBO


def en_espejo(nombre: str, desde: int = 101) -> list[dict]:
    """Los dos pares de cada marco de un fenómeno, el de la primera persona antes."""
    filas = []
    for i, (quienes, donde, pista, texto) in enumerate(leer(nombre)):
        personas, orden = quienes.split("/"), nombre == "imperativo"
        for uno, otro in ((0, 1), (1, 0)):
            buena, forma = _llenar(texto, personas, uno, uno, orden)
            mala, ajena = _llenar(texto, personas, uno, otro, orden)
            regla = f"Con {CON[personas[uno]]} se dice «{forma}»; «{ajena}» va con "
            filas.append(
                {
                    "id": f"espejo_{nombre}-{2 * i + uno + desde:03}",
                    "tipo": "agramatical",
                    "fenomeno": f"espejo_{nombre}",
                    "zonas": ZONAS.get(donde, donde).split(),
                    "buena": buena,
                    "mala": mala,
                    "marco": f"espejo_{nombre}-m{i + 1:03}",
                    "pista": pista,
                    "regla": f"{regla}{CON[personas[otro]]}.",
                    "fuente": _fuente(personas),
                    "canario": CANARIO,
                }
            )
    return filas


def vos_o_tu() -> list[dict]:
    """Los pares de preferencia: la misma oración en una ciudad de vos y una de tú."""
    filas, personas = [], ["vos", "tú"]
    for i, (*lugares, texto) in enumerate(leer("vos_tu")):
        for uno, otro in ((0, 1), (1, 0)):
            ciudad, zona = lugares[uno].rsplit(" ", 1)
            aqui = texto.replace("{L}", ciudad)
            buena, forma = _llenar(aqui, personas, uno, uno, False)
            mala, _ = _llenar(aqui, personas, otro, otro, False)
            fuente = DPD_VOSEO
            if lugares[0].endswith(" UY"):
                fuente = (URUGUAY, TUTEO)[uno]
            filas.append(
                {
                    "id": f"vos_tu-{2 * i + uno + 1:03}",
                    "tipo": "menos_usual_en",
                    "fenomeno": "vos_tu",
                    "zonas": [zona],
                    "buena": buena,
                    "mala": mala,
                    "marco": f"vos_tu-m{i + 1:03}",
                    "regla": f"En {ciudad}, entre personas de confianza, es más usual "
                    f"«{personas[uno]} {forma}».",
                    "fuente": fuente,
                    "canario": CANARIO,
                }
            )
    return filas


def armar() -> dict[str, list[dict]]:
    """Las filas que salen de los marcos, por partición."""
    fenomenos = PARTICIONES["espejo"][1]
    nombres = [fenomeno.removeprefix("espejo_") for fenomeno in fenomenos]
    return {
        "espejo": [fila for nombre in nombres for fila in en_espejo(nombre)],
        "menos_usual": vos_o_tu(),
    }


def guardar(carpeta: Path = CARPETA) -> None:
    """Escribe los archivos; en menos_usual deja como estaban los demás fenómenos."""
    for parte, filas in armar().items():
        ruta = carpeta / f"{parte}.jsonl"
        if parte == "menos_usual":
            lineas = ruta.read_text(encoding="utf-8").splitlines()
            otras = [json.loads(linea) for linea in lineas]
            filas = [f for f in otras if f["fenomeno"] != "vos_tu"] + filas
        texto = "".join(json.dumps(f, ensure_ascii=False) + "\n" for f in filas)
        escribir_texto(ruta, texto)


if __name__ == "__main__":
    guardar()
