"""Contrasta el conjugador del curso, forma por forma, con dos hechos por otras manos.

    npm install --prefix CARPETA @jirimracek/conjugate-esp
    python -m venv CARPETA/verbecc
    CARPETA/verbecc/bin/pip install verbecc==2.0.3
    python -m herramientas.datos.contrastar_formas CARPETA

Recorre todos los verbos que el curso conoce, en tú, vos, usted, ustedes y vosotros y en
sus ocho tiempos. Cada desacuerdo se busca entre los ya resueltos, que guarda con su
regla tests/apoyo/veredictos_conjugador.json. La cuenta queda en
resultados/conjugador.json; los que no estén resueltos, en CARPETA/sin_veredicto.json.
El voseo chileno no está en esos paquetes: de él responde la tabla hecha a mano de las
pruebas.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from herramientas.archivos import RAIZ, RESULTADOS, guardar_json
from taller.errores import ErrorDelTaller
from taller.verbos.conjugacion import TIEMPOS, formas
from taller.verbos.tablas import leer_infinitivos

PROGRAMA = "herramientas/datos/contrastar_formas.py"
RESULTADO = RESULTADOS / "conjugador.json"
VEREDICTOS = RAIZ / "tests" / "apoyo" / "veredictos_conjugador.json"
PERSONAS = ("tú", "vos", "usted", "ustedes", "vosotros")
NINGUNA = "ninguna"  # así se escribe que no hay forma
# Cada guion lee infinitivos y da, de cada verbo, una lista de tiempos por personas.
GUION_ESP = """
const {Conjugator} = require('@jirimracek/conjugate-esp');
const conocidos = new Set(require('fs').readFileSync(0, 'utf8').split(/\\s+/));
const tiempos = [['Indicativo', 'Presente'], ['Imperativo', 'Afirmativo'],
  ['Imperativo', 'Negativo'], ['Indicativo', 'PreteritoIndefinido'],
  ['Indicativo', 'PreteritoImperfecto'], ['Indicativo', 'FuturoImperfecto'],
  ['Indicativo', 'CondicionalSimple'], ['Subjuntivo', 'Presente']];
const personas = [['castellano', 1], ['voseo', 1], ['formal', 1], ['castellano', 5],
  ['castellano', 4]];
const c = new Conjugator(), salida = {};
for (const v of c.getVerbListSync()) {
  if (!conocidos.has(v.replace(/se$/, ''))) continue;
  const todo = {};
  for (const [r] of personas) todo[r] = todo[r] || c.conjugateSync(v, r);
  salida[v] = tiempos.map(([modo, tiempo]) => personas.map(([region, i]) => {
    // el imperativo de ustedes solo está en la región «formal»
    if (modo === 'Imperativo' && i === 5) [region, i] = ['formal', 4];
    return todo[region].map(r => String(r.conjugation[modo][tiempo][i]));
  }));
}
console.log(JSON.stringify(salida));
"""
GUION_VERBECC = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from verbecc import CompleteConjugator
tiempos = (("indicativo", "presente"), ("imperativo", "afirmativo"),
    ("imperativo", "negativo"), ("indicativo", "pretérito-perfecto-simple"),
    ("indicativo", "pretérito-imperfecto"), ("indicativo", "futuro"),
    ("condicional", "presente"), ("subjuntivo", "presente"))
personas = ("tú", "vos", "usted", "ustedes", "vosotros")
c, salida = CompleteConjugator("es"), {}
for verbo in sys.stdin.read().split():
    try:
        todo = json.loads(c.conjugate(verbo).to_json())
    except Exception:
        continue
    if todo["verb"]["predicted"]:  # el verbo no está en su lista
        continue
    salida[verbo] = filas = []
    for modo, tiempo in tiempos:
        dichas = {x["pr"]: x["c"] for x in todo["moods"][modo][tiempo]}
        filas.append([[(f or "-").removeprefix(p + " ") for f in dichas.get(p, [])]
            for p in personas])
print(json.dumps(salida))
"""


def _correr(orden: list[str], verbos: list[str], carpeta: Path) -> dict:
    fin = subprocess.run(
        orden,
        input="\n".join(verbos),
        cwd=carpeta,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(fin.stdout)


def formas_ajenas(carpeta: Path, verbos: list[str]) -> dict[str, dict]:
    """Lo que dice cada paquete de cada verbo; termina con una frase si falta uno."""
    npm = carpeta / "node_modules" / "@jirimracek" / "conjugate-esp" / "package.json"
    pitones = [
        *carpeta.glob("verbecc/bin/python"),
        *carpeta.glob("verbecc/*/python.exe"),
    ]
    fichas = list(carpeta.glob("verbecc/**/verbecc-*.dist-info"))
    if not npm.is_file() or not pitones or not fichas:
        raise SystemExit(f"Falta un conjugador.\n{__doc__.split(chr(10) * 2)[1]}")
    version = json.loads(npm.read_text())["version"]
    return {
        f"@jirimracek/conjugate-esp {version}": _correr(
            ["node", "-e", GUION_ESP], verbos, carpeta
        ),
        fichas[0].name.removesuffix(".dist-info").replace("-", " "): _correr(
            [str(pitones[0]), "-c", GUION_VERBECC], verbos, carpeta
        ),
    }


def nuestras(verbo: str, persona: str, tiempo: str) -> tuple[str, ...]:
    """Las formas del curso, o ninguna si dice que no se usa."""
    try:
        return formas(verbo, persona, tiempo)
    except ErrorDelTaller:
        return ()


def _iguales(
    unas: tuple[str, ...], otras: set[str], caso: tuple[str, str, str]
) -> bool:
    """Dice si hay acuerdo; en el subjuntivo de vos valen «cantes» y «cantés»."""
    if caso[1:] == ("vos", "subjuntivo") and unas and otras:
        return otras <= {*unas, *formas(*caso, voseante=True)}
    return set(unas) == otras


def comparar(ajenas: dict) -> Iterator[tuple[str, str, str]]:
    """Cada forma comparada: verbo, «persona tiempo» y el desacuerdo, vacío si no hay.

    El desacuerdo se escribe «nuestras ≠ suyas».
    """
    for verbo, filas in ajenas.items():
        for tiempo, fila in zip(TIEMPOS, filas, strict=True):
            for persona, dichas in zip(PERSONAS, fila, strict=True):
                suyas = {f.removeprefix("no ") for f in dichas} - {"-", "", "null"}
                unas = nuestras(verbo, persona, tiempo)
                if not unas and not suyas:
                    continue
                falla = ""
                if not _iguales(unas, suyas, (verbo, persona, tiempo)):
                    lados = (unas, sorted(suyas))
                    falla = " ≠ ".join(" ".join(lado) or NINGUNA for lado in lados)
                yield verbo, f"{persona} {tiempo}", falla


def informar(ajenas_de: dict[str, dict], grupos: list[dict]) -> tuple[dict, dict]:
    """La cuenta por paquete y por patrón, y los desacuerdos que nadie ha resuelto."""
    informe = {"fecha": date.today().isoformat(), "programa": PROGRAMA, "paquetes": []}
    sueltos: dict[str, dict] = {}
    for paquete, ajenas in ajenas_de.items():
        resueltos = {
            (verbo, lugar, falla): n
            for n, grupo in enumerate(grupos)
            if grupo["paquete"] == paquete
            for verbo, casos in grupo["formas"].items()
            for lugar, falla in casos.items()
        }
        todas = list(comparar(ajenas))
        fallas = [caso for caso in todas if caso[2]]
        for verbo, lugar, falla in fallas:
            if (verbo, lugar, falla) not in resueltos:
                sueltos.setdefault(paquete, {}).setdefault(verbo, {})[lugar] = falla
        cuenta = Counter(resueltos[caso] for caso in fallas if caso in resueltos)
        patrones = [
            {c: grupos[n][c] for c in ("patrón", "regla", "veredicto")}
            | {"formas": veces, "ejemplo": _ejemplo(grupos[n])}
            for n, veces in sorted(cuenta.items())
        ]
        datos = {"paquete": paquete, "verbos": len(ajenas), "formas": len(todas)}
        datos |= {"distintas": len(fallas), "patrones": patrones}
        datos |= {"sin_veredicto": len(fallas) - cuenta.total()}
        informe["paquetes"].append(datos)
        print(f"{paquete}: {len(todas):,} formas, {len(fallas)} distintas.")
    return informe, sueltos


def main() -> None:
    """Contrasta y escribe el resultado."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("carpeta", type=Path, help="donde se instalaron los dos paquetes")
    carpeta = p.parse_args().carpeta.resolve()
    ajenas_de = formas_ajenas(carpeta, sorted(leer_infinitivos()))
    grupos = json.loads(VEREDICTOS.read_text(encoding="utf-8"))
    informe, sueltos = informar(ajenas_de, grupos)
    guardar_json(RESULTADO, informe)
    guardar_json(carpeta / "sin_veredicto.json", sueltos)


def _ejemplo(grupo: dict) -> str:
    """Un caso del grupo: «reírse, vos imperativo: reíte ≠ reite»."""
    verbo, casos = next(iter(grupo["formas"].items()))
    lugar, falla = next(iter(casos.items()))
    return f"{verbo}, {lugar}: {falla}"


if __name__ == "__main__":
    main()
