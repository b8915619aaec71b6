"""Contrasta el conjugador del curso, forma por forma, con otro hecho por otras manos.

    npm install --prefix CARPETA @jirimracek/conjugate-esp
    python -m herramientas.datos.contrastar_formas CARPETA

Recorre todos los verbos de recursos/datos/verbos.jsonl, en tú, vos, usted, ustedes y
vosotros, y escribe resultados/conjugador.json con cada desacuerdo. El voseo chileno no
está en ese paquete: de él responde solo la tabla hecha a mano de las pruebas.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

from herramientas.archivos import RESULTADOS, guardar_json
from taller.conjuntos.verbos_y_marcos import leer_verbos
from taller.errores import ErrorDelTaller
from taller.verbos.conjugacion import TIEMPOS, conjugar

PAQUETE = "@jirimracek/conjugate-esp"
RESULTADO = RESULTADOS / "conjugador.json"
GUION = """
const {Conjugator} = require('@jirimracek/conjugate-esp');
const entrada = require('fs').readFileSync(0, 'utf8').trim().split('\\n');
const regiones = ['castellano', 'voseo', 'formal'];
const c = new Conjugator(), salida = {};
for (const v of entrada) {
  salida[v] = {};
  for (const r of regiones) salida[v][r] = c.conjugateSync(v, r);
}
console.log(JSON.stringify(salida));
"""
# persona del curso -> región del paquete y lugar en su lista de seis
PERSONAS = {
    "tú": ("castellano", 1),
    "usted": ("formal", 1),
    "ustedes": ("castellano", 5),
    "vosotros": ("castellano", 4),
    "vos": ("voseo", 1),
}
# El imperativo de usted y ustedes solo está en la región «formal».
IMPERATIVOS = {"usted": ("formal", 1), "ustedes": ("formal", 5)}
NOMBRES = (
    ("Indicativo", "Presente"),
    ("Imperativo", "Afirmativo"),
    ("Imperativo", "Negativo"),
    ("Indicativo", "PreteritoIndefinido"),
    ("Indicativo", "PreteritoImperfecto"),
    ("Indicativo", "FuturoImperfecto"),
    ("Indicativo", "CondicionalSimple"),
    ("Subjuntivo", "Presente"),
)


def formas_ajenas(carpeta: Path, verbos: list[str]) -> dict:
    """Lo que dice el paquete de cada verbo; termina con una frase si no está."""
    if not shutil.which("node"):
        raise SystemExit("Falta Node.js: instálalo y repite.")
    if not (carpeta / "node_modules" / PAQUETE).is_dir():
        raise SystemExit(
            f"Falta el paquete: npm install --prefix {carpeta.name} {PAQUETE}"
        )
    fin = subprocess.run(
        ["node", "-e", GUION],
        input="\n".join(verbos),
        cwd=carpeta,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(fin.stdout)


def contrastar(ajenas: dict) -> tuple[int, list[dict]]:
    """Cuántas formas se compararon y en cuáles no hay acuerdo."""
    comparadas, distintas = 0, []
    for verbo, regiones in ajenas.items():
        for persona in PERSONAS:
            for tiempo, (modo, nombre) in zip(TIEMPOS, NOMBRES, strict=True):
                region, lugar = PERSONAS[persona]
                if modo == "Imperativo":
                    region, lugar = IMPERATIVOS.get(persona, (region, lugar))
                suyas = {
                    str(r["conjugation"][modo][nombre][lugar]).removeprefix("no ")
                    for r in regiones[region]
                } - {"-"}
                try:
                    nuestra = conjugar(verbo, persona, tiempo)
                except ErrorDelTaller:
                    continue  # «haber» no tiene imperativo
                if not suyas:
                    continue
                comparadas += 1
                if nuestra not in suyas:
                    fila = {"verbo": verbo, "persona": persona, "tiempo": tiempo}
                    distintas.append(
                        fila | {"nuestra": nuestra, "ajena": "/".join(sorted(suyas))}
                    )
    return comparadas, distintas


def main() -> None:
    """Contrasta y escribe el resultado."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("carpeta", type=Path, help="donde se instaló el paquete de npm")
    carpeta = p.parse_args().carpeta.resolve()
    ajenas = formas_ajenas(carpeta, [fila["verbo"] for fila in leer_verbos()])
    comparadas, distintas = contrastar(ajenas)
    ficha = carpeta / "node_modules" / PAQUETE / "package.json"
    informe = {
        "fecha": date.today().isoformat(),
        "programa": "herramientas/datos/contrastar_formas.py",
        "paquete": f"{PAQUETE} {json.loads(ficha.read_text())['version']}",
        "verbos": len(ajenas),
        "formas": comparadas,
        "distintas": distintas,
    }
    guardar_json(RESULTADO, informe)
    print(f"{comparadas:,} formas comparadas, {len(distintas)} distintas.")


if __name__ == "__main__":
    main()
